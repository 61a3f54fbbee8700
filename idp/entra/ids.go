package entra

import "strings"

// isID tells whether a key is an id, which in Entra is always a GUID. Graph takes names for keys too, so nothing else is
// put into a path.
func isID(key string) bool {
	if len(key) != 36 {
		return false
	}
	for i, c := range []byte(key) {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
				return false
			}
		}
	}
	return true
}

// quote writes a value into an expression.
func quote(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
