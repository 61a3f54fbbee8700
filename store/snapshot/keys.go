package snapshot

// The index leads from a key to numbers: from an account to its number, from a person to
// the numbers of their accounts, and from a reviewer to the items they are to decide.

// The kinds of key that name an account, and a person.
const accountKind, personKind = 'a', 'p'

// key is how a name of a kind stands in the index, an account's within its directory.
func key(kind byte, within, name string) string {
	if kind == accountKind {
		return string(kind) + within + "\x00" + name
	}
	return string(kind) + name
}

// isKey tells whether a key is that of a name, without making it.
func isKey(is []byte, kind byte, within, name string) bool {
	if len(is) < len(name)+1 || is[0] != kind || string(is[len(is)-len(name):]) != name {
		return false
	}
	before := is[1 : len(is)-len(name)]
	if kind != accountKind {
		return len(before) == 0
	}
	end := len(before) - 1
	return end == len(within) && before[end] == 0 && string(before[:end]) == within
}

// keyOf is what the key of somebody is made of: of their account, or of who they are, if they have none.
func keyOf(p Person) (kind byte, within, name string) {
	if p.Account == "" {
		return personKind, "", string(p.ID)
	}
	return accountKind, p.Directory, p.Account
}

// accountKey is of an account, personKey of a person.
func accountKey(directory, account string) string { return key(accountKind, directory, account) }
func personKey(id string) string                  { return key(personKind, "", id) }

// reviewerKey is of who decides at the first stage, or at the second one.
func reviewerKey(second bool, id string) string {
	if second {
		return "s" + id
	}
	return "r" + id
}
