//! Health, shutdown, and the start of every part of the node in the right order.
