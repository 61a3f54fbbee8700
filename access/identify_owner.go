package access

// owner is the person whom the address of an unbound account names: by the store,
// or by a directory that states the address of an account that is bound. Nil:
// nobody. What contradicts is not resolved.
func (q IdentityQuestion) owner() (*Person, []Release, *Contradiction) {
	if len(q.Holders) > 1 {
		return nil, nil, q.contradicts("the address names several people", "", ids(q.Holders)...)
	}
	owner, release, conflict := q.holder()
	if conflict != nil {
		return nil, nil, conflict
	}
	for _, d := range q.Directories {
		if d.Holder == nil || !q.sure(d) {
			continue
		}
		has := d.Holder.Account(q.Account.System)
		switch {
		case has != "" && has != q.Account.ID: // if it is the same, it was bound while this was asked
			return nil, nil, q.contradicts("the account "+d.ByAddress.ID+" in "+d.System+" has the address, and its person has another account", has, d.Holder.ID)
		case owner != nil && owner.ID != d.Holder.ID:
			return nil, nil, q.contradicts("the address names somebody else than the account "+d.ByAddress.ID+" in "+d.System, "", owner.ID, d.Holder.ID)
		}
		owner = d.Holder
	}
	return owner, release, nil
}

// holder is the one person whom the address names in the store, if the account
// can be theirs. Where their own account is gone, the address is free again: a new
// start harms nobody, and inherits nothing.
func (q IdentityQuestion) holder() (*Person, []Release, *Contradiction) {
	if len(q.Holders) == 0 {
		return nil, nil, nil
	}
	h := q.Holders[0]
	switch has := h.Person.Account(q.Account.System); {
	case h.Standing == Left:
		return nil, []Release{{Person: h.Person.ID, System: q.Account.System, Address: q.Account.Address}}, nil
	case has == "" && len(h.Person.Former(q.Account.System)) > 0:
		return nil, nil, q.contradicts("the person with the address had another account there before", "", h.Person.ID)
	case has == "" || has == q.Account.ID:
		return &h.Person, nil, nil
	}
	return nil, nil, q.contradicts("the person with the address has another account there", h.Person.Account(q.Account.System), h.Person.ID)
}

func (q IdentityQuestion) contradicts(why, has string, holders ...PersonID) *Contradiction {
	return &Contradiction{Binding: Binding{System: q.Account.System, ID: q.Account.ID}, Holders: holders, Has: has, Why: why}
}

// sure tells whether an account that was found by the address may be taken for
// that of its owner.
func (q IdentityQuestion) sure(d DirectoryAnswer) bool {
	return d.ByAddress != nil && q.names(d) && d.ByAddress.Level.AtLeast(q.Need)
}

// names tells whether the account that a directory found has the address that is asked about, or what the
// configuration lists in its place there.
func (q IdentityQuestion) names(d DirectoryAnswer) bool {
	return d.ByAddress.Address == q.Account.Address || d.Alias != "" && d.ByAddress.Address == d.Alias
}

// join adds what the person's accounts show, and their accounts in directories.
func (q IdentityQuestion) join(id Identification, p Person) Identification {
	id.Rename = make([]Binding, 0, 2+2*len(q.Directories)) // an address and a name of each account
	if !q.second() {
		id.shows(q, q.Account)
	}
	for _, d := range q.Directories {
		if bound := p.Account(d.System); bound != "" {
			id.joinBound(q, d, bound)
		} else if !q.contested {
			id.joinFound(q, d, p)
		}
	}
	return id
}

// joinBound takes what a directory says of the account that is bound there. None
// is no proof that it is gone.
func (id *Identification) joinBound(q IdentityQuestion, d DirectoryAnswer, bound string) {
	a := d.ByID
	if a == nil && d.ByAddress != nil && d.ByAddress.ID == bound {
		a = d.ByAddress
	}
	switch {
	case a == nil:
	case a.ID != bound:
		id.conflict(d.System, a.ID, "the directory answered with another account than the one asked for", bound)
	default:
		id.Accounts = append(id.Accounts, *a)
		id.tie(q, *a)
		id.shows(q, *a)
	}
}

// tie notes that an account is surely theirs, where members are declared to sign in
// to Slack by a directory and that bears it out.
func (id *Identification) tie(q IdentityQuestion, a AccountSnapshot) bool {
	if !q.declared(a) {
		return false
	}
	id.Tie = append(id.Tie, Binding{System: a.System, ID: a.ID, Level: AssuranceStated, Declared: q.SignIn, Since: q.At,
		How: "members sign in to Slack by " + q.SignIn + ", and both show the address " + string(a.Address)})
	return true
}

// joinFound binds the one account that a directory has for the address, if it
// lives and is nobody else's. Where one that does not live has it, its owner waits.
func (id *Identification) joinFound(q IdentityQuestion, d DirectoryAnswer, p Person) {
	a := d.ByAddress
	switch {
	case d.Ambiguous:
		id.conflict(d.System, string(q.Account.Address), "several accounts there have the address", "")
		id.Conflicts[len(id.Conflicts)-1].Several = true
	case a == nil:
	case !q.names(d):
		id.conflict(d.System, a.ID, "the directory answered with an account that has another address", "")
	case d.Holder != nil && d.Holder.ID != id.Person:
		id.conflict(d.System, a.ID, "it is bound to somebody else", "", d.Holder.ID)
	case q.HeldBack != "":
		id.conflict(d.System, a.ID, "nothing is bound by addresses of this domain at present", "")
	case p.Denies(d.System, a.ID):
		id.conflict(d.System, a.ID, "it was said not to be theirs", "")
	case !a.Level.AtLeast(q.Need):
		id.conflict(d.System, a.ID, "the address is only shown there, not stated", "")
	default:
		id.Accounts = append(id.Accounts, a.unbound())
		if a.Standing == Active && q.Account.Level.AtLeast(q.Need) {
			if !id.tie(q, *a) {
				id.Bind = append(id.Bind, q.byAddress(*a, a.Level))
			}
			id.shows(q, *a)
		}
	}
}

// unbound is an account as it counts for whoever has its address, but is not bound
// to it. It may be that of somebody who had the address before: that it is gone
// keeps a newcomer waiting, and says of nobody that they have left.
func (a AccountSnapshot) unbound() AccountSnapshot {
	if a.Standing == Left {
		a.Standing = Suspended
	}
	return a
}

func (id *Identification) conflict(system, account, why, has string, holders ...PersonID) {
	id.Conflicts = append(id.Conflicts, &Contradiction{
		Person: id.Person, Binding: Binding{System: system, ID: account}, Holders: holders, Has: has, Why: why,
	})
}

func (id *Identification) shows(q IdentityQuestion, a AccountSnapshot) {
	if a.Address != "" {
		id.Rename = append(id.Rename, q.address(a))
	}
	if a.Name != "" {
		id.Rename = append(id.Rename, ShownName(a.System, a.Name, q.At))
	}
}

func ids(holders []Holder) []PersonID {
	out := make([]PersonID, len(holders))
	for i, h := range holders {
		out[i] = h.Person.ID
	}
	return out
}
