//! Random triples, honest, damaged and crafted: every verdict is the reference's.
