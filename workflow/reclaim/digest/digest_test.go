package digest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/reclaim"
)

// preview is what the directories show.
type preview struct {
	now reclaim.Preview
	err error
}

func (p *preview) Preview(context.Context) (reclaim.Preview, error) { return p.now, p.err }

func seat(name string, s access.SeatStanding, places int) reclaim.Seat {
	out := reclaim.Seat{Person: access.PersonID(name), Name: name, SeatJudgement: access.SeatJudgement{Standing: s, Seen: access.Idleness{Source: "sign-ins", Reach: time.Date(2026, 8, 18, 0, 0, 0, 0, time.UTC)}}}
	if s == access.SeatAsked {
		out.ByUse, out.Case = access.SeatIdle, "RC-1"
	}
	if s != access.SeatUnexplained {
		out.Grants = []access.Grant{{ID: "G-" + name, Role: "editor"}}
	}
	for range places {
		out.Places = append(out.Places, reclaim.Place{Directory: "okta", Account: "00u-" + name})
	}
	return out
}

func figma() catalog.App {
	return catalog.App{ID: "figma", Name: "Figma", Seat: catalog.Seat{Price: 1250, Currency: "EUR", Committed: 12, Renews: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)}, Roles: []catalog.Role{{ID: "editor", Name: "Editor", Reclaim: catalog.Reclaim{Idle: 60 * catalog.Day}}}}
}

// newService has Figma with a seat of each kind, of which one is two accounts, and Miro, which couldn't be read.
func newService(t *testing.T) (*Service, *preview, *clocktest.Clock) {
	clock := clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))
	known := func() *catalog.Catalog { return catalog.New([]catalog.App{figma(), {ID: "miro", Name: "Miro"}}, nil) }
	p := &preview{}
	p.now.AtMost = 25
	app := reclaim.App{App: figma(), At: clock.Now()}
	for i, s := range access.SeatStandings() {
		app.Seats = append(app.Seats, seat(string('a'+rune(i)), s, 1+i%2))
		app.Accounts += 1 + i%2
	}
	p.now.Apps = []reclaim.App{app, {App: catalog.App{ID: "miro", Name: "Miro"}, Unread: "Okta is away."}}
	units := engine.NewUnits(engine.UnitsConfig{Store: bolttest.Open(t), Clock: clock, Owner: "test", Catalog: known})
	return New(Config{Units: units, Seats: p, Catalog: known, Line: "0 9 * * 1"}), p, clock
}

// TestTheFiguresAddUp with what the directory lists: each account has one standing.
func TestTheFiguresAddUp(t *testing.T) {
	s, p, clock := newService(t)
	sum, err := s.Summary(t.Context(), clock.Now().Add(-catalog.Week))
	if err != nil {
		t.Fatal(err)
	}
	a := sum.Apps[0]
	all, rows := 0, 0
	for _, n := range a.Standings {
		all += n
	}
	for _, seat := range a.Seats {
		rows += len(seat.Accounts)
	}
	if all != a.Accounts || rows != a.Accounts || a.Accounts != p.now.Apps[0].Accounts {
		t.Errorf("%d by standing, %d by row, %d in the directory", all, rows, a.Accounts)
	}
	if a.Idle != 4 || a.Worth() != "50.00 EUR a month" || a.Price() != "12.50 EUR" {
		t.Errorf("%d idle, worth %q at %q", a.Idle, a.Worth(), a.Price())
	}
	if said := a.Adds(); !strings.HasPrefix(said, "15 seats = 1 idle + 2 asked + ") || strings.Count(said, "+") != len(access.SeatStandings())-1 {
		t.Errorf("it says %q", said)
	}
	for i, seat := range a.Seats {
		if seat.Standing != access.SeatStandings()[i] || seat.Word() == "" {
			t.Errorf("row %d is %s", i, seat.Standing)
		}
	}
}

// TestWhatBecameOfQuestions in a week is counted once, where it was seen.
func TestWhatBecameOfQuestions(t *testing.T) {
	s, _, clock := newService(t)
	now := clock.Now()
	in, before := now.Add(-catalog.Day), now.Add(-10*catalog.Day)
	maya := peopletest.ID("maya")
	if err := s.units.Update(t.Context(), func(u *engine.Unit) error {
		return store.PutPerson(u.Tx, &store.Known{Person: access.Person{ID: maya, Name: "Maya"}})
	}); err != nil {
		t.Fatal(err)
	}
	holder := access.Actor{Person: "maya"}
	for i, r := range []access.Reclaim{
		{State: access.ReclaimAsked, Created: in},
		{State: access.ReclaimNeeded, Created: before, Decided: in, By: holder},
		{State: access.ReclaimNeeded, Created: before, Decided: before, By: holder},
		{State: access.ReclaimInUse, Created: before, Decided: in},
		{State: access.ReclaimExempt, Created: before, Decided: in},
		{State: access.ReclaimRemoved, Created: before, Decided: before, Settled: in, Outcome: access.ReclaimGone},
		{State: access.ReclaimRemoved, Created: before, Settled: in, Outcome: access.ReclaimDowngraded},
		{State: access.ReclaimRemoved, Created: before, Settled: in, Outcome: access.ReclaimGone, By: holder},
		{State: access.ReclaimRemoved, Created: before, Settled: in, Outcome: access.ReclaimManual},
		{State: access.ReclaimRemoved, Created: before, Settled: before, Outcome: access.ReclaimGone, Restored: in},
		{State: access.ReclaimRemoving, Created: before, Outcome: access.ReclaimFailed},
	} {
		r.ID, r.App, r.Person, r.Issue.Key = "RC-"+string('a'+rune(i)), "figma", maya, fmt.Sprintf("IT-%d", i)
		if err := s.units.Update(t.Context(), func(u *engine.Unit) error { return store.PutReclaim(u.Tx, &r) }); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := s.Summary(t.Context(), now.Add(-catalog.Week))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sum.All(), (Period{Asked: 1, Needed: 1, Returned: 1, Used: 1, LeftOut: 1, Removed: 2, Lowered: 1, Restored: 1}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	title, lines := Words(sum)
	text := title + "\n" + strings.Join(lines, "\n")
	for _, want := range []string{
		"Idle seats, 9 November to 16 November: 3 came back, 25.00 EUR a month\nNobody uses 4 seats now: 50.00 EUR a month.\n" +
			"In that time: 2 taken away without an answer, 1 of them with a lower role in their place, 1 given back, 1 given back to their holders again, 1 still needed, their holders say, 1 asked, 1 used again, 1 left out.\n" +
			"Figma: 15 seats = ", "12 seats are paid for, 3 fewer than are held; the contract is renewed on 1 March 2027.",
		"Miro: Okta is away. Nothing is taken away there.", "Taken away without an answer: Maya, Figma, IT-5; Maya, Figma, IT-6.", "Given back: Maya, Figma, IT-7.",
		"Given back to their holders again: Maya, Figma, IT-9.", "Still needed, they say: Maya, Figma, IT-1.", "/access reclaim, or latchkey reclaim --dry-run",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
}

// TestWhatWasBought is money before the contract is renewed.
func TestWhatWasBought(t *testing.T) {
	at := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		a    App
		want string
	}{
		{App{Accounts: 10, Seat: catalog.Seat{Committed: 12}}, "12 seats are paid for, 2 more than are held."},
		{App{Accounts: 12, Seat: catalog.Seat{Committed: 12}}, "12 seats are paid for."},
		{App{Unread: "away", Seat: catalog.Seat{Committed: 12}}, "12 seats are paid for."},
		{App{Seat: catalog.Seat{Renews: at.Add(-time.Hour)}}, "The contract was to be renewed on 15 November 2026."},
		{App{}, ""},
	} {
		if got := c.a.Contract(at); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := worthOf([]App{{Idle: 1, Seat: catalog.Seat{Price: 5, Currency: "EUR"}}, {Idle: 2, Seat: catalog.Seat{Price: 100, Currency: "USD"}}, {Idle: 3}}, func(a App) int { return a.Idle }); got != "0.05 EUR and 2.00 USD a month" {
		t.Errorf("several currencies come to %q", got)
	}
	if got := money(-50, "EUR"); got != "-0.50 EUR" {
		t.Errorf("less than nothing is %q", got)
	}
}

// TestTheChannelReadsItOnce a week, and nothing where no seat comes back, or where nothing could be found out.
func TestTheChannelReadsItOnce(t *testing.T) {
	s, p, _ := newService(t)
	duty := s.Duties()[0]
	if duty.Name != Duty || duty.Line != "0 9 * * 1" {
		t.Errorf("the duty is %+v", duty)
	}
	out, err := duty.Do(t.Context(), store.Task{ID: "duty/reclaim-digest"})
	if err == nil {
		err = s.units.Update(t.Context(), out)
	}
	if err != nil {
		t.Fatal(err)
	}
	err = s.units.View(t.Context(), func(tx store.Tx) error {
		_, err := tx.Task("notice/duty/reclaim-digest")
		return err
	})
	if err != nil {
		t.Error(err)
	}
	p.err = &access.Failure{Class: access.Transient, Sentence: "Okta is away"}
	if _, err := duty.Do(t.Context(), store.Task{}); err == nil {
		t.Error("what couldn't be read is told")
	}
	none := New(Config{Units: s.units, Seats: p, Catalog: func() *catalog.Catalog { return catalog.New(nil, nil) }})
	if out, err := none.Duties()[0].Do(t.Context(), store.Task{}); out != nil || err != nil {
		t.Errorf("where no seat comes back: %v", err)
	}
}

// TestHowAQuestionStands is said in words for IT, whatever became of it.
func TestHowAQuestionStands(t *testing.T) {
	at := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for want, r := range map[string]access.Reclaim{
		"asked; without an answer it is taken away 2026-11-16 09:00 UTC": {State: access.ReclaimAsked, Until: at},
		"put off; asked again 2026-11-16 09:00 UTC":                      {State: access.ReclaimPostponed, Until: at},
		"the time is up; its use is looked at again":                     {State: access.ReclaimChecking},
		"the time is up, and nothing is taken away: away":                {State: access.ReclaimChecking, Unread: "away"},
		"being removed":                                                   {State: access.ReclaimRemoving},
		"still needed: The fair":                                          {State: access.ReclaimNeeded, Why: "The fair"},
		"used again":                                                      {State: access.ReclaimInUse},
		"left out: On leave":                                              {State: access.ReclaimExempt, Why: "On leave"},
		"not asked any more: They have left.":                             {State: access.ReclaimCancelled, Why: "They have left."},
		"seen to be gone 2026-11-16 09:00 UTC":                            {State: access.ReclaimRemoved, Outcome: access.ReclaimGone, Settled: at},
		"removed by hand: a rule":                                         {State: access.ReclaimRemoved, Outcome: access.ReclaimManual, Why: "a rule"},
		"kept: other access needs it":                                     {State: access.ReclaimRemoved, Outcome: access.ReclaimShared},
		"there was nothing to remove any more":                            {State: access.ReclaimRemoved, Outcome: access.ReclaimEnded},
		"given back to its holder 2026-11-16 09:00 UTC":                   {State: access.ReclaimRemoved, Restored: at},
		"seen to be gone 2026-11-16 09:00 UTC, a lower role in its place": {State: access.ReclaimRemoved, Outcome: access.ReclaimDowngraded, Settled: at},
	} {
		if got := Stands(r); got != want {
			t.Errorf("%s: %q, want %q", r.State, got, want)
		}
	}
	for want, s := range map[string]Seat{
		"use not known":                        {},
		"no use since 2026-11-16, by sign-ins": {Seen: access.Idleness{Source: "sign-ins", Reach: at}},
		"used 2026-11-16, by sign-ins":         {Seen: access.Idleness{Source: "sign-ins", Last: at}},
	} {
		if got := s.LastUse(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestNothingIsLeftOutBetweenTurns: what came back after a turn that was late is told at the next one, however late that is.
func TestNothingIsLeftOutBetweenTurns(t *testing.T) {
	s, _, clock := newService(t)
	turn := func() {
		out, err := s.tell(t.Context(), store.Task{ID: "duty/" + clock.Now().String()})
		if err == nil {
			err = s.units.Update(t.Context(), out)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	turn()
	clock.Advance(time.Minute)
	gone := access.Reclaim{ID: "RC-1", App: "figma", State: access.ReclaimRemoved, Created: clock.Now().Add(-catalog.Week), Asked: clock.Now().Add(-catalog.Week), Settled: clock.Now(), Outcome: access.ReclaimGone}
	left := access.Reclaim{ID: "RC-2", App: "figma", State: access.ReclaimExempt, Created: clock.Now(), Decided: clock.Now()}
	for _, c := range []access.Reclaim{gone, left} {
		if err := s.units.Update(t.Context(), func(u *engine.Unit) error { return store.PutReclaim(u.Tx, &c) }); err != nil {
			t.Fatal(err)
		}
	}
	clock.Advance(catalog.Week + time.Hour)
	last, err := s.toldLast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum, err := s.Summary(t.Context(), last.At)
	if got, want := sum.All(), (Period{Removed: 1, LeftOut: 1}); err != nil || got != want {
		t.Errorf("it tells %+v, %v; want %+v", got, err, want)
	}
}

// TestTheDigestNamesAFew of those whom its figures are about, and counts the rest; and the app with the most idle seats stands first.
func TestTheDigestNamesAFew(t *testing.T) {
	a := App{Name: "Figma", Period: Period{Removed: 8}}
	for range 8 {
		a.Became = append(a.Became, Became{Name: "Tom", Period: Period{Removed: 1}})
	}
	_, lines := Words(Summary{Apps: []App{a, {Name: "Miro", Idle: 2, Standings: map[access.SeatStanding]int{access.SeatIdle: 2}, Accounts: 2}}})
	text := strings.Join(lines, "\n")
	if strings.Count(text, "Tom, Figma") != 6 || !strings.Contains(text, "; and 2 more.") {
		t.Errorf("it names:\n%s", text)
	}
	if _, none := Words(Summary{Apps: []App{a}}); none[0] != "No seat is known to be idle now." {
		t.Errorf("of none it says %q", none[0])
	}
	if !strings.HasPrefix(text, "Nobody uses 2 seats now.\nIn that time: 8 taken away without an answer.\nMiro: 2 seats = 2 idle.\n") {
		t.Errorf("it begins:\n%s", text)
	}
}
