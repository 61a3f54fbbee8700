package snapshot

// The index leads from a key to numbers: from an account to its number, from a person to
// the numbers of their accounts, and from a reviewer to the items they are to decide.

// accountKey is of an account, personKey of a person.
func accountKey(directory, account string) string { return "a" + directory + "\x00" + account }
func personKey(id string) string                  { return "p" + id }

// reviewerKey is of who decides at the first stage, or at the second one.
func reviewerKey(second bool, id string) string {
	if second {
		return "s" + id
	}
	return "r" + id
}
