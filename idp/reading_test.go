package idp_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"iter"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/idptest"
)

func members(ids ...string) iter.Seq2[idp.Membership, error] {
	return func(yield func(idp.Membership, error) bool) {
		for _, id := range ids {
			var err error
			if id == "" {
				err = idp.ErrDenied
			}
			if !yield(idp.Membership{PersonID: id}, err) {
				return
			}
		}
	}
}

// TestHowAListingWasRead: figures of all lists, the hash of all rows in their order, and a count that is asked for at the end.
func TestHowAListingWasRead(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	c := clocktest.New(at)
	r := idp.NewReading("Vendor", c)
	asked := 0
	own := r.List(idp.Got("/groups/g/members", url.Values{"limit": {"2"}, "a": {"x", "y"}}), func(context.Context) (idp.Count, idp.Request, error) {
		asked++
		return idp.Counted(4), idp.Got("/groups/g", nil), nil
	})
	own.Page()
	again := []bool{own.Row([]byte(`{"id":"a"}`), "a"), own.Row([]byte(`{"id":"b"}`), "b")}
	c.Advance(time.Second)
	own.Page()
	again = append(again, own.Row([]byte(`{"id":"a"}`), "a"), own.Row([]byte(`{"id":"d"}`), "d"))
	own.Apart("devices", false, false)
	own.Apart("accounts that are gone", false, true)
	own.Unlisted(3)
	inner := r.List(idp.Got("/groups/h/members", nil), nil)
	inner.ByPosition()
	inner.Page()
	inner.Moved(c.Now()) // of one page nobody can slip
	if inner.Row([]byte(`{"id":"a"}`), "a") || again[0] || again[1] || !again[2] || again[3] {
		t.Errorf("what a list had named before: %v", again)
	}
	list := r.Listing(idp.Counted(9), members("a", "b"))
	if _, err := list.Read(t.Context()); !errors.Is(err, idp.ErrUnfinished) || asked != 0 {
		t.Errorf("before the end: %v, asked %d times", err, asked)
	}
	for range list.All { // that it is gone through is all
	}
	c.Advance(time.Minute)
	x, err := list.Read(t.Context())
	if err != nil || len(x.Lists) != 2 || x.Service != "Vendor" || list.Count != idp.Counted(9) {
		t.Fatalf("%+v, %v", x, err)
	}
	if want := sha256.Sum256([]byte("{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"a\"}\n{\"id\":\"d\"}\n{\"id\":\"a\"}\n")); x.RowsHash != want {
		t.Errorf("the hash is %x, want %x", x.RowsHash, want)
	}
	l := x.Lists[0]
	if l.Pages != 2 || l.Rows != 4 || l.Repeated != 1 || l.Uncounted != 2 || l.NotAccounts != 1 || l.Unlisted != 3 || l.Apart != "accounts that are gone: 1, devices: 1" || l.ByPosition {
		t.Errorf("%+v", l)
	}
	if !l.First.Equal(at) || !l.Last.Equal(at.Add(time.Second)) || !l.CountedAt.Equal(at.Add(61*time.Second)) || l.Count != idp.Counted(4) || l.CountedBy.Path != "/groups/g" {
		t.Errorf("%+v", l)
	}
	if p := l.Request.Params; l.Request.Method != "GET" || len(p) != 3 || p[0] != (idp.Param{Name: "a", Value: "x"}) || p[2] != (idp.Param{Name: "limit", Value: "2"}) {
		t.Errorf("%+v", l.Request)
	}
	if in := x.Lists[1]; in.Rows != 1 || in.Repeated != 0 || in.Count.Known || !in.CountedAt.IsZero() || !in.ByPosition || in.Moved {
		t.Errorf("%+v", in)
	}
}

// TestAnotherCountThanBefore says that somebody moved while several pages were read; one that isn't known says nothing.
func TestAnotherCountThanBefore(t *testing.T) {
	for _, c := range []struct {
		pages         int
		before, after idp.Count
		want          bool
	}{
		{2, idp.Counted(3), idp.Counted(2), true},
		{2, idp.Counted(2), idp.Counted(2), false},
		{1, idp.Counted(3), idp.Counted(2), false},
		{2, idp.Count{}, idp.Counted(2), false},
		{2, idp.Counted(3), idp.Count{}, false},
	} {
		reading := idp.NewReading("Google", clocktest.New(time.Now()))
		l := reading.List(idp.Got("/list", nil), func(context.Context) (idp.Count, idp.Request, error) { return c.after, idp.Got("/count", nil), nil })
		l.Before(c.before)
		list := reading.Listing(idp.Count{}, func(func(idp.Membership, error) bool) {
			for range c.pages {
				l.Page()
			}
		})
		for range list.All {
		}
		if x, err := list.Read(t.Context()); err != nil || x.Lists[0].Moved != c.want {
			t.Errorf("%+v: %+v, %v", c, x, err)
		}
	}
}

// TestSomebodyMovedMeanwhile, by what the vendor says along with its count: since shortly before the first page.
func TestSomebodyMovedMeanwhile(t *testing.T) {
	at := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for since, want := range map[time.Duration]bool{-time.Hour: false, -time.Second: true, time.Second: true} {
		c := clocktest.New(at)
		r := idp.NewReading("Vendor", c)
		var l *idp.ListReading
		l = r.List(idp.Got("/groups/g/members", nil), func(context.Context) (idp.Count, idp.Request, error) {
			l.Moved(at.Add(since))
			return idp.Counted(2), idp.Got("/groups/g", nil), nil
		})
		for _, id := range []string{"a", "b"} {
			l.Page()
			l.Row([]byte(id), id)
			c.Advance(time.Second)
		}
		list := r.Listing(idp.Count{}, members("a", "b"))
		for range list.All {
		}
		if x, err := list.Read(t.Context()); err != nil || x.Lists[0].Moved != want || x.Lists[0].Count != idp.Counted(2) {
			t.Errorf("%s after the first page: %+v, %v", since, x, err)
		}
	}
}

func TestAListingThatIsNotOverSaysNothing(t *testing.T) {
	for name, all := range map[string]iter.Seq2[idp.Membership, error]{"left early": members("a", "b"), "broke off": members("a", "")} {
		list := idp.NewReading("Vendor", clocktest.New(time.Now())).Listing(idp.Count{}, all)
		for m, err := range list.All {
			if name == "left early" || err != nil {
				_ = m
				break
			}
		}
		if _, err := list.Read(t.Context()); !errors.Is(err, idp.ErrUnfinished) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broke := idp.NewReading("Vendor", clocktest.New(time.Now())).Listing(idp.Count{}, members("a", "", "c"))
	n := 0
	for range broke.All {
		n++
	}
	if _, err := broke.Read(t.Context()); !errors.Is(err, idp.ErrUnfinished) || n != 2 {
		t.Errorf("after an error: %v, %d yielded", err, n)
	}
}

// TestACountThatCantBeAsked is an error, and one that nobody tells is unknown; what is begun instead is noted alone.
func TestACountThatCantBeAsked(t *testing.T) {
	down := errors.New("down")
	for _, fails := range []error{down, nil} {
		r := idp.NewReading("Vendor", clocktest.New(time.Now()))
		r.List(idp.Got("/a", nil), nil).Row([]byte("1"), "x")
		r.Instead()
		l := r.List(idp.Got("/b", nil), func(context.Context) (idp.Count, idp.Request, error) { return idp.Count{}, idp.Got("/n", nil), fails })
		l.Row([]byte("2"), "x")
		list := r.Listing(idp.Count{}, members("x"))
		for range list.All { // that it is gone through is all
		}
		x, err := list.Read(t.Context())
		if !errors.Is(err, fails) {
			t.Errorf("%v, want %v", err, fails)
		}
		if fails == nil && (len(x.Lists) != 1 || x.Lists[0].Repeated != 0 || x.Lists[0].Count.Known || x.RowsHash != sha256.Sum256([]byte("2\n"))) {
			t.Errorf("%+v", x)
		}
	}
}

// TestALoggedListingSaysHowItWasRead, as the one under it does.
func TestALoggedListingSaysHowItWasRead(t *testing.T) {
	v := idptest.NewVendor("vendor", clocktest.New(time.Now()))
	g := v.AddGroup("figma", idptest.Plain)
	v.SetMember(g, v.AddPerson(idptest.Person{Email: "maya@x.com"}), true)
	list, err := idp.Logged(v.Directory(), slog.New(slog.DiscardHandler)).Members(t.Context(), g)
	if err != nil || list.Read == nil {
		t.Fatal(err)
	}
	for range list.All { // that it is gone through is all
	}
	if x, err := list.Read(t.Context()); err != nil || x.Lists[0].Rows != 1 || x.Lists[0].Count != idp.Counted(1) {
		t.Errorf("%+v, %v", x, err)
	}
}
