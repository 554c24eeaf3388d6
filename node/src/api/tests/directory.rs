//! The directory of public names: passed on as it was signed, and not twice to who has it.

use axum::body::Body;
use axum::http::{Request, header};
use ledger_types::Timestamp;
use node_api::body::StatusBody;
use node_api::path;
use public_names::{Directory, SignedDirectory};

use super::World;
use super::world::{AUTHORITY, Asked, key};

async fn asked_with(world: &World, known: &str) -> Asked {
    let request = Request::get(path::DIRECTORY)
        .header(header::HOST, AUTHORITY)
        .header(header::IF_NONE_MATCH, known);
    Asked::of(world.ask(request.body(Body::empty()).unwrap()).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_is_served_as_it_was_signed() {
    let world = World::new();
    world.get(path::DIRECTORY).await.expect_problem(6214);
    let status: StatusBody = world.get(path::STATUS).await.json();
    assert_eq!(status.directory_keys, [key("city").public_key()]);

    let (issued, expires) = (Timestamp::from_millis(1), Timestamp::from_millis(2));
    let network = world.genesis.hash();
    let directory = Directory { network, serial: 3, issued, expires, entries: Vec::new() };
    let signed = SignedDirectory::sign(directory, &key("city")).unwrap().to_bytes().unwrap();
    std::fs::write(world.directory.path().join("directory.json"), &signed).unwrap();
    let served = world.get(path::DIRECTORY).await;
    served.expect_status(200);
    assert_eq!(served.body, signed);
    assert_eq!(served.headers[header::CONTENT_TYPE], "application/json");
    let tag = served.headers[header::ETAG].to_str().unwrap();
    for known in [tag, "*", &format!("\"other\", {tag}")] {
        let again = asked_with(&world, known).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{known}");
    }
    asked_with(&world, "\"other\"").await.expect_status(200);
}
