//! Every path of the interface is one of what there is to read, and says rightly who may.

use std::collections::BTreeSet;

use super::World;
use crate::api::{openapi, routes};
use crate::rights::{Kind, Open};

/// The paths that are documented: those that anyone may read, and those that a signature opens.
fn documented() -> (BTreeSet<String>, BTreeSet<String>) {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let (mut open, mut signed) = (BTreeSet::new(), BTreeSet::new());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let is_signed = operation.get("security").is_some();
            if is_signed { &mut signed } else { &mut open }.insert(path.clone());
        }
    }
    (open, signed)
}

#[test]
fn every_path_answers_one_matter_and_is_documented_as_open_or_signed() {
    let (open, signed) = documented();
    let private: Vec<&str> = Kind::ALL.iter().map(|kind| routes::route(*kind).0).collect();
    let public: Vec<&str> = Open::ALL.iter().map(|open| routes::open_route(*open).0).collect();
    // The document does not describe itself.
    let public: Vec<String> = public
        .iter()
        .filter(|path| **path != node_api::path::DOCUMENT)
        .map(|path| (*path).to_owned())
        .collect();
    assert_eq!(private.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>(), signed);
    assert_eq!(public.iter().cloned().collect::<BTreeSet<_>>(), open);
    assert_eq!(private.len() + public.len(), signed.len() + open.len(), "a path is there twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_asks_nobody_for_a_signature() {
    let world = World::new();
    for open in Open::ALL {
        let path = routes::open_route(*open).0;
        // The stream does not end, and nothing is submitted by reading.
        if !matches!(open, Open::BlockStream | Open::Submission | Open::BulkSubmission) {
            let path = path.replace("{height}", "1").replace("{regime}", "private");
            let path = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let status = world.get(&path).await.status.as_u16();
            assert!(![401, 403].contains(&status), "{open:?}: {status}");
        }
    }
}
