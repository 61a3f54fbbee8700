package reading

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store/snapshot"
	"latchkey/workflow/people"
)

// account is an account that was introduced, as far as it isn't looked at for each row.
type account struct {
	id        string
	who       access.PersonID
	manager   string // the account that the directory names as the manager's; "" if none is known
	managedBy access.PersonID
}

// member is what every row of an account goes by. There are many of them, in many groups, so it is small.
type member struct {
	department *department  // nil if it isn't known
	above      [2]*reviewer // who is found walking up: the first, and the second, who can answer; nil before it was looked for them
	number     int32        // in the snapshot
	left       bool
	absent     bool // the directory says that there is no such account
}

// standing is whether an account can be used: by what it says of itself, where that was seen, and else by the list of who is
// in the group.
func standing(m idp.Membership, p idp.Person) idp.Status {
	if p.ID == "" || p.Status == "" {
		return m.Status
	}
	return p.Status
}

// reviewer is somebody who can answer.
type reviewer struct {
	who      access.PersonID // "" for nobody
	number   [1]int          // in the snapshot: where it is read it lies beside the name
	numbered bool            // the number is known
}

// department are the people of one in a directory.
type department struct {
	name   string // folded
	active int    // how many of them are, as the directory lists them
	there  int    // in the group that is being read
}

// named is the name of a department; none where it isn't known.
func (d *department) named() string {
	if d == nil {
		return ""
	}
	return d.name
}

// introduced is an account that is introduced, with what the directory shows of it and with how it stands on the group's list.
type introduced struct {
	account
	member
	shown idp.Person
	as    idp.Membership
}

// written is an account as the snapshot keeps it. What the directory didn't show is empty.
func (i *introduced) written(directory string) snapshot.Person {
	m, p := i.as, i.shown
	last := m.LastLogin
	if p.LastLogin.After(last) {
		last = p.LastLogin
	}
	out := snapshot.Person{
		Directory: directory, Account: i.id, ID: i.who, Name: p.Name, Address: access.NewEmail(cmp.Or(p.Login, p.Email, m.Email)), Title: p.Title, Department: p.Department,
		Type: p.Type, Location: p.Location, Status: standingOf(standing(m, p)), Created: p.Created,
		Manager: snapshot.Manager{Person: i.managedBy, Account: p.ManagerID, Text: cmp.Or(p.ManagerEmail, p.ManagerText)},
	}
	if !last.IsZero() {
		out.SignIn = snapshot.Use{At: last, Source: "sign-ins to " + directory}
	}
	if i.left {
		out.Status = access.Left
	}
	return out
}

func standingOf(s idp.Status) access.Standing {
	switch s {
	case idp.Active:
		return access.Active
	case idp.Suspended:
		return access.Suspended
	case idp.Left:
		return access.Left
	}
	return ""
}

// readAccount reads an account. One that isn't there any more, or may not be seen, shows nothing.
func readAccount(ctx context.Context, d idp.Directory, id string, managed bool) (p idp.Person, absent bool, err error) {
	if managed {
		ctx = idp.WithManagers(ctx)
	}
	p, err = d.Person(ctx, id)
	switch {
	case errors.Is(err, idp.ErrNotFound), errors.Is(err, idp.ErrDenied):
		return idp.Person{}, errors.Is(err, idp.ErrNotFound), nil
	case err != nil:
		return idp.Person{}, false, people.DirectoryFailure(d, "Read an account in "+d.ID()+" for a review", err)
	}
	return p, false, nil
}

// mostAbreast is how many accounts are read at the same time.
const mostAbreast = 8

// abreast does something for each of some numbers, a few at the same time.
func abreast(n int, do func(int)) {
	var working sync.WaitGroup
	next := make(chan int)
	for range min(n, mostAbreast) {
		working.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	working.Wait()
}
