//! `start`: runs the node until it is told to stop.
