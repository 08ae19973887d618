//! The runtime's elementary functions, held against correctly rounded ones. `README.md` says what is held and how to run it.

// A module uses only those above it; blank lines keep the order.

pub mod float;

pub mod function;

pub mod functions;

pub mod arguments;

pub mod survey;

pub mod parallel;
