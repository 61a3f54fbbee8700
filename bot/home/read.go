package home

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/catalog"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// How many rows of each list the Home tab shows at once. A row is two blocks at most, and a
// view holds 100 of them.
const (
	waitingShown  = 7
	stuckShown    = 5
	comparedShown = 5
	holdingsShown = 7
	requestsShown = 5
	pastShown     = 3
	knownShown    = 3
)

// The lists on the Home tab; their page buttons stand in blocks of these names.
const (
	blockDecide   = "home.decide" // all that waits for the reader
	blockStuck    = "home.stuck"
	blockCompared = "home.compared"
	blockHeld     = "home.held"
	blockAsked    = "home.asked"
	blockPast     = "home.past"
	blockKnown    = "home.known"
)

// list is one list as it is shown.
type list struct {
	name, title string
	empty       string // what is said in its place where it has no rows; "": nothing
	note        string // small print, escaped
	rows        []lists.Row

	from, size, total int
}

// content is all there is on a Home tab.
type content struct {
	refusal  string // instead of everything else, for people who may not act
	pause    string // that new access is paused, escaped
	waiting  []list // for the reader
	it       bool
	overseen []list // by IT
	week     []string
	own      []list
	notices  access.Notices
	absence  absence
}

// reader reads one list.
type reader func(ctx context.Context, who access.PersonID, from, size int) ([]lists.Row, int, error)

// read finds out what the tab shows.
func (h *Home) read(ctx context.Context, user string, m shownPages) (content, error) {
	p, err := h.people.Who(ctx, user)
	if refusal, ok := access.AsRefusal(err); ok {
		return content{refusal: refusal.Sentence}, nil
	}
	if err != nil {
		return content{}, err
	}
	by := access.Actor{Person: p.ID, Via: access.ViaSlack}
	caller, err := h.people.Caller(ctx, by)
	if err != nil {
		return content{}, err
	}
	v := content{it: h.people.May(caller, people.ActOversee, people.Matter{}) == nil}
	pause, err := h.pauses.Paused(ctx)
	if err != nil {
		return content{}, err
	}
	if v.notices, err = h.notices.Notices(ctx, p.ID); err != nil {
		return content{}, err
	}
	if v.absence, err = h.readAbsence(ctx, p); err != nil {
		return content{}, err
	}
	if pause.ID != "" {
		v.pause = blocks.Paused(pause.Until, pause.Reason)
	}
	if v.it {
		err = h.oversee(ctx, by, m, &v)
	}
	return v, errors.Join(err, h.readOwn(ctx, p, m, &v))
}

// readOwn reads what concerns the reader alone.
func (h *Home) readOwn(ctx context.Context, p access.Person, m shownPages, v *content) error {
	var failed []error
	add := func(to *[]list, l list, read reader) {
		l, err := filled(ctx, p.ID, l, read)
		*to, failed = append(*to, l), append(failed, err)
	}
	known := h.lists.Accounts(p)
	add(&v.waiting, list{name: blockDecide, title: "Waiting for you", from: m.Decide, size: waitingShown}, h.lists.Waiting)
	add(&v.own, list{name: blockHeld, title: "Your access", empty: "You have no access through Latchkey yet.", from: m.Held, size: holdingsShown}, h.lists.Held)
	add(&v.own, list{name: blockAsked, title: "Your requests", empty: "Nothing you asked for is open.", from: m.Asked, size: requestsShown}, h.lists.Asked)
	add(&v.own, list{name: blockPast, title: "Over in the last " + catalog.FormatDuration(query.Lately), from: m.Past, size: pastShown}, h.lists.Past)
	add(&v.own, list{name: blockKnown, title: "Known as your accounts", from: m.Known, size: knownShown}, pagesOfRows(known))
	return errors.Join(failed...)
}

// oversee reads what IT looks after.
func (h *Home) oversee(ctx context.Context, by access.Actor, m shownPages, v *content) error {
	stuck, failed := filled(ctx, by.Person, list{name: blockStuck, title: "Stuck", empty: "Nothing is stuck.", from: m.Stuck, size: stuckShown}, h.lists.Stuck)
	note := ""
	compared, err := filled(ctx, by.Person, list{name: blockCompared, title: "Not as granted", from: m.Compared, size: comparedShown},
		func(ctx context.Context, who access.PersonID, from, size int) (rows []lists.Row, total int, err error) {
			rows, total, note, err = h.lists.Compared(ctx, who, from, size)
			return rows, total, err
		})
	compared.note = note
	v.overseen = []list{stuck, compared}
	week, unread := h.weeks.Week(ctx, by)
	v.week = lists.Week(week)
	return errors.Join(failed, err, unread)
}

// filled is a list with its rows.
func filled(ctx context.Context, who access.PersonID, l list, read reader) (list, error) {
	var err error
	l.rows, l.total, err = read(ctx, who, l.from, l.size)
	if l.from >= l.total { // the list became shorter meanwhile
		l.from = max(0, (l.total-1)/l.size*l.size)
	}
	return l, err
}

// pagesOfRows reads rows that are there already.
func pagesOfRows(all []lists.Row) reader {
	return func(_ context.Context, _ access.PersonID, from, size int) ([]lists.Row, int, error) {
		if from >= len(all) {
			from = max(0, (len(all)-1)/size*size)
		}
		return all[from:min(len(all), from+size)], len(all), nil
	}
}
