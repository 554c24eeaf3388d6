//! `dev`: a whole network on this machine, for development.
