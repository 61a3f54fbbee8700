// Package verify checks a pack with public keys that are trusted, and nothing else: no store, no
// configuration, no network.
package verify
