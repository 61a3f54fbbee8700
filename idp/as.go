package idp

// decorator is a Directory around another one.
type decorator interface {
	// Unwrap is the directory under it.
	Unwrap() Directory
}

// provider is a decorator that does something about a capability of the directory under it.
type provider interface {
	// As sets target, a pointer to a variable of the capability's type, if it has the capability, and
	// says whether it did.
	As(target any) bool
}

// As finds a capability of a directory, such as As[MemberChecker](d): the directory's own, or that of the
// directory which it decorates.
func As[T any](d Directory) (found T, ok bool) {
	for d != nil {
		if found, ok = d.(T); ok {
			return found, true
		}
		if p, able := d.(provider); able && p.As(&found) {
			return found, true
		}
		outer, able := d.(decorator)
		if !able {
			break
		}
		d = outer.Unwrap()
	}
	return found, false
}

// Everybody reads a whole listing. One that names nobody, where the vendor counts
// somebody, is none: a Partial.
func Everybody(l Listing, err error) ([]Membership, error) {
	if err != nil {
		return nil, err
	}
	var all []Membership
	for m, err := range l.All {
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	if len(all) == 0 && l.Count.Known && l.Count.N > 0 { // the two may differ a little, but not like this
		return nil, &Partial{Counted: l.Count.N}
	}
	return all, nil
}
