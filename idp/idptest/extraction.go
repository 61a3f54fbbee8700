package idptest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"latchkey/idp"
)

// extracted goes through a group and tells how it was read.
func (w world) extracted(group string) (idp.Extraction, []string) {
	w.Helper()
	list, err := w.Directory.Members(w.ctx, group)
	if err != nil {
		w.Fatal(err)
	}
	var ids []string
	for m, err := range list.All {
		if err != nil {
			w.Fatal(err)
		}
		ids = append(ids, m.PersonID)
	}
	if list.Read == nil {
		w.Fatal("the listing doesn't say how it was read")
	}
	x, err := list.Read(w.ctx)
	if err != nil {
		w.Fatalf("Read: %v", err)
	}
	if x.Service == "" || len(x.Lists) != 1 {
		w.Fatalf("it was read of %q, in %d lists; want one of a service", x.Service, len(x.Lists))
	}
	return x, ids
}

func provesListings(w world) {
	group, _ := w.crowd()
	x, _ := w.extracted(group)
	l := x.Lists[0]
	if l.Rows != manyMembers || l.Repeated != 0 || l.Uncounted != 0 || l.NotAccounts != 0 || l.Unlisted != 0 || l.Apart != "" {
		w.Errorf("%d rows, %d repeated, %d uncounted, %d no accounts (%s), %d unlisted, of %d members", l.Rows, l.Repeated, l.Uncounted, l.NotAccounts, l.Apart, l.Unlisted, manyMembers)
	}
	pages := 1
	if w.PageSize > 0 {
		pages = (manyMembers + w.PageSize - 1) / w.PageSize
	}
	if l.Pages != pages {
		w.Errorf("%d pages, want %d", l.Pages, pages)
	}
	if l.First.IsZero() || l.Last.Before(l.First) {
		w.Errorf("the first page at %v, the last at %v", l.First, l.Last)
	}
	w.saysWhatWasAsked(l.Request, group)
	if l.Count.Known {
		if l.Count.N != manyMembers || l.CountedAt.Before(l.Last) || l.CountedBy.Path == "" {
			w.Errorf("it counts %d at %v by %v; want %d, after %v", l.Count.N, l.CountedAt, l.CountedBy, manyMembers, l.Last)
		}
	}
	empty, _ := w.extracted(w.AddGroup("nobody in it", Plain))
	if l := empty.Lists[0]; l.Rows != 0 || l.Pages != 1 || l.First.IsZero() || l.Count.Known && l.Count.N != 0 {
		w.Errorf("of an empty group: %+v", l)
	}
}

// saysWhatWasAsked: the group, and nothing that leads to the organisation or opens a door.
func (w world) saysWhatWasAsked(q idp.Request, group string) {
	w.Helper()
	text := fmt.Sprint(q)
	if q.Method != http.MethodGet || !strings.HasPrefix(q.Path, "/") || !strings.Contains(text, group) || strings.Contains(text, "://") {
		w.Errorf("it was asked for by %v; want a path of the group %s, without a host", q, group)
	}
}

func saysNothingEarly(w world) {
	group, _ := w.crowd()
	list, err := w.Directory.Members(w.ctx, group)
	if err != nil || list.Read == nil {
		w.Fatalf("%v; it says how it was read: %v", err, list.Read != nil)
	}
	unfinished := func(when string) {
		if x, err := list.Read(w.ctx); !errors.Is(err, idp.ErrUnfinished) {
			w.Errorf("%s: %+v, %v; want %v", when, x, err, idp.ErrUnfinished)
		}
	}
	unfinished("before it is gone through")
	for range list.All {
		break
	}
	unfinished("after the first member")
	list, err = w.Directory.Members(w.ctx, group)
	if err != nil {
		w.Fatal(err)
	}
	w.Fail(Outage)
	_, broke := idp.Everybody(list, nil)
	if broke != nil {
		unfinished("after it broke off")
	}
	w.Heal()
}

// hashesRows: the same rows have the same hash, and another row on any page has another one.
func hashesRows(w world) {
	group, stranger := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "stranger@x.com"})
	for i := range 5 {
		w.SetMember(group, w.AddPerson(Person{Email: fmt.Sprintf("q%d@x.com", i)}), true)
	}
	was, ids := w.extracted(group)
	if same, _ := w.extracted(group); same.RowsHash != was.RowsHash || was.RowsHash == ([32]byte{}) {
		w.Errorf("the same rows have the hashes %x and %x", was.RowsHash, same.RowsHash)
	}
	for _, at := range []int{0, 2, 4} {
		w.hashesInstead(group, stranger, was, ids, at)
		was, ids = w.extracted(group)
	}
	crowd, _ := w.crowd() // of several pages, where pages have a common size
	was, ids = w.extracted(crowd)
	w.hashesInstead(crowd, w.AddPerson(Person{Email: "latest@x.com"}), was, ids, len(ids)-1)
}

// hashesInstead puts somebody into a group for one of its members, who then is in it again.
func (w world) hashesInstead(group, stranger string, was idp.Extraction, ids []string, at int) {
	w.Helper()
	w.SetMember(group, ids[at], false)
	w.SetMember(group, stranger, true)
	if now, _ := w.extracted(group); now.Lists[0].Rows != len(ids) || now.RowsHash == was.RowsHash {
		w.Errorf("another row instead of the %dth of %d: %d rows, and the hash of before", at+1, len(ids), now.Lists[0].Rows)
	}
	w.SetMember(group, stranger, false)
	w.SetMember(group, ids[at], true)
}

// countsAsTheVendor: the count comes of the vendor, and not of the list beside it.
func countsAsTheVendor(w world) {
	group := w.AddGroup("figma", Plain)
	for i := range 8 {
		id := w.AddPerson(Person{Email: fmt.Sprintf("p%d@x.com", i)})
		if i > 3 {
			w.SetMember(group, id, true)
		}
	}
	for _, by := range []int{0, 1, -1, 40} {
		w.Miscount(group, by)
		x, ids := w.extracted(group)
		if l := x.Lists[0]; !l.Count.Known || l.Count.N != 4+by || l.CountedAt.Before(l.Last) || l.Rows != 4 || len(ids) != 4 {
			w.Errorf("the vendor counts %d: %+v of %d rows, with %d members", 4+by, l.Count, l.Rows, len(ids))
		}
	}
	w.HideCount(group)
	if x, ids := w.extracted(group); x.Lists[0].Count.Known || len(ids) != 4 {
		w.Errorf("the vendor says no count: %+v, with %d members", x.Lists[0].Count, len(ids))
	}
}

func noticesRepeats(w world) {
	group := w.AddGroup("figma", Plain)
	for i := range 4 {
		w.SetMember(group, w.AddPerson(Person{Email: fmt.Sprintf("p%d@x.com", i)}), true)
	}
	w.NameTwice(group)
	if x, _ := w.extracted(group); x.Lists[0].Rows != 5 || x.Lists[0].Repeated != 1 {
		w.Errorf("of 4 members, one twice: %d rows, %d repeated", x.Lists[0].Rows, x.Lists[0].Repeated)
	}
}
