package kit

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// Secret is random, in hexadecimal digits, two for each byte.
func Secret(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails, see crypto/rand
	return hex.EncodeToString(b)
}

// UUID is a random id of the shape that envelopes and typed messages have.
func UUID() string {
	h := Secret(16)
	return strings.Join([]string{h[:8], h[8:12], "4" + h[13:16], "a" + h[17:20], h[20:]}, "-")
}
