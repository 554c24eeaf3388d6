//! Tokens of the issuer for this gateway are believed, and nothing else is.

use std::sync::{Arc, Mutex as Held};

use axum::Router;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use serde_json::{Value, json};

use super::*;

const ISSUER: &str = "https://id.city.example";
const NOW: u64 = 1_800_000_000;
/// A key made for these tests alone (PKCS #1): `openssl genrsa -traditional`, in DER.
const RSA_KEY: &[u8] = include_bytes!("../../tests/rsa-test-key.der");

enum Signer {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    fn all() -> [Self; 3] {
        [Self::rsa(), Self::p256(), Self::ed25519()]
    }

    fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::from_der(RSA_KEY).unwrap()))
    }

    fn p256() -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let (algorithm, made) = (&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref());
        Self::P256(EcdsaKeyPair::from_pkcs8(algorithm, made, &random).unwrap())
    }

    fn ed25519() -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap())
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    fn key(&self, id: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa(pair) => {
                let public: ring::rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
                let (n, e) = (text(&public.n), text(&public.e));
                json!({"kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": n, "e": e})
            }
            Self::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "kid": id, "x": text(x), "y": text(y)})
            }
            Self::Ed25519(pair) => {
                let x = text(pair.public_key().as_ref());
                json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "x": x})
            }
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let (random, message) = (SystemRandom::new(), signed.as_bytes());
        let signature = match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
            Self::P256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn token(&self, id: &str, claims: &Value) -> String {
        self.sign(&json!({"alg": self.algorithm(), "kid": id, "typ": "JWT"}), claims)
    }
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "kyojo-gateway", "sub": "clerk-7", "exp": NOW + 60,
           "nbf": NOW - 60, "roles": ["pharmacist"]})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn judge(signer: &Signer, token: &str) -> Result<String, TokenError> {
    let (_, key) = key::read(&signer.key("k1")).unwrap();
    let expected = Expected { issuer: ISSUER, audience: "kyojo-gateway", leeway_s: 30, now: NOW };
    Ok(Parsed::read(token)?.verify(&key, &expected)?.subject)
}

#[test]
fn tokens_of_every_algorithm_are_believed_and_tampered_ones_are_not() {
    for signer in Signer::all() {
        let token = signer.token("k1", &claims());
        assert_eq!(judge(&signer, &token).as_deref(), Ok("clerk-7"));
        let other = URL_SAFE_NO_PAD.encode(with("sub", json!("mayor")).to_string());
        let parts: Vec<&str> = token.split('.').collect();
        let forged = format!("{}.{other}.{}", parts[0], parts[2]);
        assert_eq!(judge(&signer, &forged), Err(TokenError::Signature));
        let unsigned = format!("{}.{}.", parts[0], parts[1]);
        assert_eq!(judge(&signer, &unsigned), Err(TokenError::Signature));
    }
}

#[test]
fn an_algorithm_that_is_not_the_keys_is_refused() {
    let signer = Signer::rsa();
    for algorithm in ["none", "None", "HS256", "RS512", "PS256", "ES256", "EdDSA", ""] {
        let token = signer.sign(&json!({"alg": algorithm, "kid": "k1"}), &claims());
        assert_eq!(judge(&signer, &token), Err(TokenError::Algorithm), "{algorithm}");
    }
    let critical = json!({"alg": "RS256", "kid": "k1", "crit": ["b64"]});
    assert_eq!(judge(&signer, &signer.sign(&critical, &claims())), Err(TokenError::Header));
    let other_type = json!({"alg": "RS256", "kid": "k1", "typ": "logout+jwt"});
    assert_eq!(judge(&signer, &signer.sign(&other_type, &claims())), Err(TokenError::Header));
}

#[test]
fn claims_that_do_not_hold_or_have_another_type_are_refused() {
    let signer = Signer::ed25519();
    for (name, value, expected) in [
        ("iss", json!("https://other.example"), TokenError::Issuer),
        ("iss", json!([ISSUER]), TokenError::Issuer),
        ("aud", json!("another-gateway"), TokenError::Audience),
        ("aud", json!([]), TokenError::Audience),
        ("exp", json!(NOW - 30), TokenError::Expired),
        ("exp", json!((NOW + 60).to_string()), TokenError::Expired),
        ("exp", Value::Null, TokenError::Expired),
        ("nbf", json!(NOW + 31), TokenError::NotYetValid),
        ("nbf", json!("soon"), TokenError::NotYetValid),
        ("sub", json!(""), TokenError::Subject),
        ("sub", json!(7), TokenError::Subject),
    ] {
        let token = signer.token("k1", &with(name, value.clone()));
        assert_eq!(judge(&signer, &token), Err(expected), "{name} {value}");
    }
    for (name, value) in [
        ("aud", json!(["x", "kyojo-gateway"])),
        ("exp", json!(NOW - 29)),
        ("nbf", json!(NOW + 30)),
        ("exp", json!(1_800_000_060.5)),
    ] {
        assert!(judge(&signer, &signer.token("k1", &with(name, value))).is_ok());
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let signer = Signer::ed25519();
    let long = "a".repeat(20_000);
    for bad in ["", ".", "..", "a.b", "a.b.c", "e30.e30.e30", long.as_str()] {
        assert_eq!(judge(&signer, bad), Err(TokenError::Malformed), "{bad}");
    }
}

#[test]
fn keys_for_something_else_are_not_read() {
    let good = Signer::rsa().key("k1");
    let changed = |name: &str, value: Value| {
        let mut key = good.clone();
        key[name] = value;
        key::read(&key)
    };
    assert!(key::read(&good).is_some());
    for (name, value) in
        [("use", json!("enc")), ("alg", json!("RS512")), ("kty", json!("oct")), ("kid", json!(""))]
    {
        assert!(changed(name, value).is_none(), "{name}");
    }
}

#[test]
fn only_https_and_loopback_are_asked() {
    for good in ["https://id.example", "http://127.0.0.1:9", "http://[::1]:9", "http://localhost"] {
        assert!(may_be_asked(good), "{good}");
    }
    for bad in ["http://id.example", "http://127.0.0.1.example", "ftp://127.0.0.1", "id", "file:/x"]
    {
        assert!(!may_be_asked(bad), "{bad}");
    }
}

/// An issuer on loopback whose keys can be exchanged.
async fn issuer(keys: Arc<Held<Vec<Value>>>) -> (String, Arc<Held<u32>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (issuer, asked) = (url.clone(), Arc::new(Held::new(0)));
    let counted = Arc::clone(&asked);
    let discovery = move || {
        let issuer = issuer.clone();
        async move { axum::Json(json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")})) }
    };
    let set = move || {
        *counted.lock().unwrap() += 1;
        let keys = keys.lock().unwrap().clone();
        async move { axum::Json(json!({"keys": keys})) }
    };
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(set));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

#[tokio::test]
async fn a_rotated_key_is_read_and_the_issuer_is_not_asked_at_will() {
    let (old, new) = (Signer::ed25519(), Signer::ed25519());
    let keys = Arc::new(Held::new(vec![old.key("k1")]));
    let (url, asked) = issuer(Arc::clone(&keys)).await;
    let config = |refresh_min_ms| OidcConfig {
        issuer: url.clone(),
        audience: "kyojo-gateway".to_owned(),
        required: Some(crate::config::RequiredClaim {
            claim: "roles".to_owned(),
            any_of: vec!["pharmacist".to_owned()],
        }),
        leeway_s: 30,
        keys_max_age_s: 3600,
        refresh_min_ms,
        ca_file: None,
    };
    let current = |roles: Value| {
        let mut claims = with("exp", json!(Clock::real().now().as_millis() / 1000 + 60));
        (claims["iss"], claims["nbf"]) = (json!(url), json!(0));
        claims["roles"] = roles;
        claims
    };
    let verifier = Verifier::new(config(0), None).unwrap();
    let allowed = current(json!(["pharmacist"]));
    assert_eq!(verifier.verify(&old.token("k1", &allowed)).await.unwrap().subject, "clerk-7");
    assert_eq!(verifier.verify(&old.token("k1", &allowed)).await.unwrap().issuer, url);
    assert_eq!(*asked.lock().unwrap(), 1, "what is known is not asked for again");
    *keys.lock().unwrap() = vec![new.key("k2")];
    assert!(verifier.verify(&new.token("k2", &allowed)).await.is_ok(), "rotated");
    let gone = verifier.verify(&old.token("k1", &allowed)).await.unwrap_err();
    assert_eq!(gone.code, Code::TokenInvalid.number());
    let other = verifier.verify(&new.token("k2", &current(json!("visitor")))).await.unwrap_err();
    assert_eq!((other.code, other.status), (Code::RoleMissing.number(), 403));

    let patient = Verifier::new(config(60_000), None).unwrap();
    assert!(patient.verify(&new.token("k2", &allowed)).await.is_ok());
    let before = *asked.lock().unwrap();
    for _ in 0..3 {
        assert!(patient.verify(&new.token("k9", &allowed)).await.is_err());
    }
    assert_eq!(*asked.lock().unwrap(), before, "an unknown name does not make it ask");
    let nowhere = "http://127.0.0.1:1".to_owned();
    let lost = Verifier::new(OidcConfig { issuer: nowhere, ..config(0) }, None).unwrap();
    let refusal = lost.verify(&new.token("k2", &allowed)).await.unwrap_err();
    assert_eq!(refusal.code, Code::IssuerUnavailable.number());
}
