//! `status`: what a running node says about itself.
