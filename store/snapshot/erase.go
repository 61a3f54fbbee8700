package snapshot

import (
	"fmt"
	"sort"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Account is an account of a directory.
type Account struct{ Directory, ID string }

// Whose is somebody to be erased: by their id, and by accounts that were seen before it was
// known whose they are.
type Whose struct {
	IDs      []access.PersonID
	Accounts []Account
}

// Begun is when the snapshot of a campaign was begun, finished or not. None:
// store.ErrNotFound.
func Begun(tx store.Records, campaign string) (time.Time, error) {
	p, _, err := loadTop(tx, campaign)
	switch {
	case err != nil:
		return time.Time{}, err
	case p.kind == openPage:
		return openedAt(p)
	}
	c, err := loadContents(tx, campaign)
	return c.Begun, err
}

// Names tells how many accounts of somebody a snapshot still names. It may be unfinished.
func Names(tx store.Records, campaign string, who Whose) (int, error) {
	places, err := namedIn(tx, campaign, who)
	return len(places), err
}

// Erase takes what names or describes a person out of the snapshot of a campaign, for
// good: see store.Shredder. What was seen of their access stays, by the ids of their
// accounts, and the header's hash still stands for it. It tells how many accounts it
// erased.
func Erase(tx store.Records, campaign string, who Whose) (int, error) {
	places, err := namedIn(tx, campaign, who)
	if err != nil {
		return 0, err
	}
	for _, at := range places {
		if err := erase(tx, campaign, at); err != nil {
			return 0, err
		}
	}
	return len(places), nil
}

// place is where somebody's private part is: in a page, so many behind its first.
type place struct {
	page   uint64
	behind int
}

// namedIn are the places where somebody is named.
func namedIn(tx store.Records, campaign string, who Whose) ([]place, error) {
	p, _, err := loadTop(tx, campaign)
	if err != nil {
		return nil, err
	}
	if p.kind == openPage {
		return namedOnPages(tx, campaign, who)
	}
	r, err := Open(tx, campaign)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, id := range who.IDs {
		keys = append(keys, personKey(string(id)))
	}
	for _, a := range who.Accounts {
		keys = append(keys, accountKey(a.Directory, a.ID))
	}
	return r.placesOf(keys)
}

// placesOf are the places of the people that keys of the index lead to.
func (r *Reader) placesOf(keys []string) (out []place, err error) {
	seen := map[uint64]bool{}
	for _, key := range keys {
		numbers, err := r.contents.find(r.tx, key)
		if err != nil {
			return nil, err
		}
		for _, n := range numbers {
			at := sort.Search(len(r.contents.people), func(i int) bool { return r.contents.people[i].first > int(n) }) - 1
			p, err := r.Person(int(n))
			if err != nil {
				return nil, err
			}
			if !seen[n] && !p.Erased {
				out = append(out, place{r.contents.people[at].number, int(n) - r.contents.people[at].first})
			}
			seen[n] = true
		}
	}
	return out, nil
}

// namedOnPages looks through the pages that are written of an unfinished snapshot, which
// has no index.
func namedOnPages(tx store.Records, campaign string, who Whose) (out []place, err error) {
	for after, more := campaign+"/", true; more; {
		found, err := tx.Find(kindPage, "", after, readAtOnce)
		if err != nil {
			return nil, fmt.Errorf("snapshot of %s: %w", campaign, err)
		}
		more = len(found) == readAtOnce
		for _, r := range found {
			number, own := pageNumber(campaign, r.ID)
			if !own {
				return out, nil
			}
			places, err := who.onPage(r, campaign, number)
			if err != nil {
				return nil, err
			}
			out, after = append(out, places...), r.ID
		}
	}
	return out, nil
}

func (who Whose) onPage(r store.Record, campaign string, number uint64) (out []place, err error) {
	p, err := readPage(r, campaign, number)
	if err != nil || p.kind != peoplePage {
		return nil, err
	}
	people, _, err := unpackPeople(p.public, p.erasable)
	if err != nil {
		return nil, damagedPage(campaign, number)
	}
	for i := range people {
		if who.is(&people[i]) && !people[i].Erased {
			out = append(out, place{number, i})
		}
	}
	return out, nil
}

func (who Whose) is(p *Person) bool {
	for _, id := range who.IDs {
		if p.ID == id {
			return true
		}
	}
	for _, a := range who.Accounts {
		if p.Account != "" && p.Directory == a.Directory && p.Account == a.ID {
			return true
		}
	}
	return false
}

// erase writes a page anew without one person's private part.
func erase(tx store.Records, campaign string, at place) error {
	r, err := tx.Get(kindPage, pageID(campaign, at.page))
	if err != nil {
		return err
	}
	p, err := readPage(r, campaign, at.page)
	if err != nil {
		return err
	}
	people, secrets, err := unpackPeople(p.public, p.erasable)
	if err != nil || at.behind >= len(people) {
		return damagedPage(campaign, p.number)
	}
	secrets[at.behind] = private{}
	p.erasable = packPrivate(secrets)
	next := p.record(campaign)
	next.Version = r.Version
	_, err = tx.Put(next)
	return err
}
