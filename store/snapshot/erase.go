package snapshot

import (
	"sort"

	"latchkey/access"
	"latchkey/store"
)

// Erase takes what names or describes a person out of the snapshot of a campaign, for
// good: see store.Shredder. What was seen of their access stays, by the ids of their
// accounts, and the header's hash still stands for it. It tells how many accounts it
// erased. One that isn't finished: ErrUnfinished.
func Erase(tx store.Records, campaign string, who access.PersonID) (int, error) {
	r, err := Open(tx, campaign)
	if err != nil {
		return 0, err
	}
	accounts, err := r.AccountsOf(who)
	if err != nil {
		return 0, err
	}
	for _, number := range accounts {
		at := sort.Search(len(r.contents.people), func(i int) bool { return r.contents.people[i].first > number }) - 1
		if err := r.erase(at, number); err != nil {
			return 0, err
		}
	}
	return len(accounts), nil
}

// erase writes a page anew without one person's private part.
func (r *Reader) erase(at, number int) error {
	if at < 0 {
		return damaged(kindSnapshot, r.contents.Campaign, errDamaged)
	}
	p, err := loadPage(r.tx, r.contents.Campaign, r.contents.people[at].ref, peoplePage)
	if err != nil {
		return err
	}
	people, secrets, err := unpackPeople(p.public, p.erasable)
	if err != nil || number-people[0].Number >= len(people) {
		return damagedPage(r.contents.Campaign, p.number)
	}
	secrets[number-people[0].Number] = private{}
	p.erasable = packPrivate(secrets)
	was, err := r.tx.Get(kindPage, pageID(r.contents.Campaign, p.number))
	if err != nil {
		return err
	}
	next := p.record(r.contents.Campaign)
	next.Version = was.Version
	_, err = r.tx.Put(next)
	return err
}
