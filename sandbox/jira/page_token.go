package jira

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"net/http"
)

// pageToken is opaque to clients; it is bound to what it pages.
type pageToken struct {
	Offset int    `json:"o"`
	Scope  uint64 `json:"s"`
}

func scopeHash(scope string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(scope)) // a hash never fails
	return h.Sum64()
}

func writeToken(offset int, scope string) string {
	raw, err := json.Marshal(pageToken{offset, scopeHash(scope)})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readToken(token, scope string) (int, error) {
	if token == "" {
		return 0, nil
	}
	var t pageToken
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(raw, &t) != nil || t.Offset < 0 || t.Scope != scopeHash(scope) {
		return 0, refuse(http.StatusBadRequest, "The provided next page token is invalid or has expired.")
	}
	return t.Offset, nil
}
