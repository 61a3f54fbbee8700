package idp

// SameAddress compares two e-mail addresses or sign-in names, in any letter case. Only the letters of ASCII
// have a case here: others fold into letters of somebody else's address.
func SameAddress(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// FoldAddress writes an e-mail address or sign-in name in the form in which two that are the same are equal.
func FoldAddress(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = lower(c)
	}
	return string(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
