package reading

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"latchkey/idp"
)

// kept is an account as it was listed, in one piece: a hundred thousand of them wait until they are met in a group. Words that
// many share stand in it by their numbers, and an e-mail address that is the login as nothing.
type kept string

// keep is an account that waits.
func (e *everyone) keep(p idp.Person) kept {
	email := uint64(len(p.Email)) + 1
	if p.Email == p.Login {
		p.Email, email = "", 0
	}
	out := e.room[:0]
	out = append(binary.AppendUvarint(out, uint64(len(p.Login))), p.Login...)
	out = append(binary.AppendUvarint(out, email), p.Email...)
	for _, text := range [...]string{p.Name, p.ManagerID, p.ManagerEmail, p.ManagerKey, p.ManagerText} {
		out = append(binary.AppendUvarint(out, uint64(len(text))), text...)
	}
	for _, word := range [...]string{p.Title, p.Department, p.Type, p.Location, string(p.Status)} {
		out = binary.AppendUvarint(out, e.words.number(word))
	}
	for _, at := range [...]time.Time{p.Created, p.LastLogin} {
		ms := int64(0)
		if !at.IsZero() {
			ms = at.UnixMilli()
		}
		out = binary.AppendVarint(out, ms)
	}
	e.room = out
	return kept(out)
}

// words have numbers.
type words struct {
	all     []string
	numbers map[string]uint64
}

func (w *words) number(word string) uint64 {
	n, known := w.numbers[word]
	if !known {
		n = uint64(len(w.all))
		w.numbers[word] = n
		w.all = append(w.all, word)
	}
	return n
}

// unkept reads what was kept. What it takes is a part of that.
type unkept string

func (u *unkept) number() int { return int(u.bits()) }

func (u *unkept) bits() (n uint64) {
	for i := 0; ; i++ {
		b := (*u)[i]
		if n |= uint64(b&0x7f) << (7 * i); b < 0x80 {
			*u = (*u)[i+1:]
			return n
		}
	}
}

func (u *unkept) take(length int) string {
	text := string((*u)[:length])
	*u = (*u)[length:]
	return text
}

func (u *unkept) text() string { return u.take(u.number()) }

func (u *unkept) moment() time.Time {
	n := u.bits()
	ms := int64(n>>1) ^ -int64(n&1) // as binary.AppendVarint has it
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// addresses are the login and the e-mail address.
func (u *unkept) addresses() (login, email string) {
	login = u.text()
	if length := u.number(); length > 0 {
		return login, u.take(length - 1)
	}
	return login, login
}

// addresses are the login and the e-mail address of an account that was kept.
func (k kept) addresses() (login, email string) {
	u := unkept(k)
	return u.addresses()
}

// person is an account that was kept.
func (e *everyone) person(account string, k kept) idp.Person {
	u := unkept(k)
	p := idp.Person{ID: account}
	p.Login, p.Email = u.addresses()
	for _, text := range [...]*string{&p.Name, &p.ManagerID, &p.ManagerEmail, &p.ManagerKey, &p.ManagerText} {
		*text = u.text()
	}
	for _, word := range [...]*string{&p.Title, &p.Department, &p.Type, &p.Location, (*string)(&p.Status)} {
		*word = e.words.all[u.number()]
	}
	p.Created, p.LastLogin = u.moment(), u.moment()
	return p
}

// place is where somebody stands: with whom they are introduced.
type place struct {
	newcomer
	department, manager string
}

// byPlace puts newcomers in the order of their departments, and in each of their managers, as far as they are listed: whoever
// is introduced together has numbers beside one another, and what is said of neighbours is mostly the same.
func (e *everyone) byPlace(fresh []newcomer) {
	places := make([]place, len(fresh))
	for i, m := range fresh {
		places[i].newcomer = m
		if k, listed := e.people[m.PersonID]; listed {
			places[i].department, places[i].manager = e.placeOf(k)
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(strings.Compare(a.department, b.department), strings.Compare(a.manager, b.manager))
	})
	for i := range places {
		fresh[i] = places[i].newcomer
	}
}

// placeOf are the department of an account that was kept, and how its manager is named.
func (e *everyone) placeOf(k kept) (department, manager string) {
	u := unkept(k)
	u.addresses()
	_, id, _, key, _ := u.text(), u.text(), u.text(), u.text(), u.text() // in the order of keep
	u.number()                                                           // the title
	return e.words.all[u.number()], cmp.Or(id, key)
}
