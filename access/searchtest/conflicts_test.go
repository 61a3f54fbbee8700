package searchtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// duty is one of two roles that a conflict keeps apart, by its place in the conflict.
type duty int

func (d duty) ref() catalog.RoleRef {
	return catalog.RoleRef{App: "books", Role: [2]string{"payer", "approver"}[d]}
}

func (d duty) group() catalog.GroupRef {
	return catalog.GroupRef{Directory: "okta", Group: d.ref().Role + "s"}
}

// apartCatalog has the two roles, apart by a conflict: with exceptions, or with none.
func apartCatalog(terms catalog.ExceptionTerms, breakGlass bool) *catalog.Catalog {
	app := catalog.App{ID: "books", Name: "Books", Status: catalog.Approved, Provisioning: catalog.ByDirectory}
	hours := catalog.Durations{Choices: []time.Duration{held}, Default: held, Max: longest}
	for d := range duty(2) {
		app.Roles = append(app.Roles, catalog.Role{ID: d.ref().Role, Name: d.ref().Role, Route: "one", Groups: []catalog.GroupRef{d.group()}, Durations: hours, BreakGlass: true})
	}
	one := catalog.Route{Name: "one", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}}}
	conflict := catalog.Conflict{ID: "apart", Why: "No.", Exception: terms, BreakGlass: breakGlass}
	for d := range duty(2) {
		conflict.Not[d] = []catalog.Holding{d.ref().Holding()}
	}
	return catalog.New([]catalog.App{app}, []catalog.Route{one}).Under(catalog.Policy{Conflicts: []catalog.Conflict{conflict}})
}

// apart is how a world stands in which Maya can ask for each role twice, and be put into its group by hand.
type apart struct {
	asked  [2][]access.Request
	given  [2][]access.Grant
	byHand [2]bool
	silent bool // the directory says nothing
}

func (s apart) clone() apart {
	for d := range s.asked {
		s.asked[d], s.given[d] = slices.Clone(s.asked[d]), slices.Clone(s.given[d])
	}
	return s
}

func (s apart) key() (out string) {
	for d := range s.asked {
		for _, r := range s.asked[d] {
			out += fmt.Sprint(r.State, len(r.Exceptions), r.BreakGlass, "|")
		}
		for _, g := range s.given[d] {
			out += fmt.Sprint(g.Request, g.State, "|")
		}
		out += fmt.Sprint(s.byHand[d], ";")
	}
	return out + fmt.Sprint(s.silent)
}

// has is what Latchkey knows that Maya has.
func (s apart) has() (out access.Standings) {
	for d := range s.given {
		out.Grants = append(out.Grants, s.given[d]...)
		out.Requests = append(out.Requests, s.asked[d]...)
	}
	return out
}

// around is what the directory says.
func (s apart) around() (out access.Circumstances) {
	if s.silent {
		return out
	}
	out.Groups = map[catalog.GroupRef]catalog.Truth{}
	for d := range duty(2) {
		there := s.byHand[d] || slices.ContainsFunc(s.given[d], func(g access.Grant) bool { return g.State == access.GrantActive || g.State == access.GrantEnding })
		out.Groups[d.group()] = catalog.Told(there)
	}
	return out
}

// apartWalk looks at every state of such a world.
type apartWalk struct {
	catalog *catalog.Catalog
	never   bool // there are no exceptions
	urgent  bool // there are emergencies
	broken  string
	steps   int
	excepts int // how often somebody came to have both, by an exception
	refused int
}

// walk goes breadth first, until nothing is new or a promise is broken.
func (w *apartWalk) walk() {
	seen, level := map[string]bool{apart{}.key(): true}, []apart{{}}
	for ; len(level) > 0 && w.broken == ""; w.steps++ {
		var next []apart
		for _, s := range level {
			for _, after := range w.after(s) {
				w.apart(after)
				if k := after.key(); !seen[k] {
					seen[k], next = true, append(next, after)
				}
			}
		}
		level = next
	}
}

func (w *apartWalk) after(s apart) (out []apart) {
	for d := range duty(2) {
		out = append(out, w.asks(s, d, false)...)
		out = append(out, w.asks(s, d, true)...)
		for i := range s.asked[d] {
			out = append(out, w.yes(s, d, i)...)
		}
		for i := range s.given[d] {
			out = append(out, w.moves(s, d, i)...)
		}
	}
	s = s.clone()
	s.byHand[1] = !s.byHand[1]
	out = append(out, s)
	s = s.clone()
	s.byHand[1] = !s.byHand[1]
	s.silent = !s.silent
	return append(out, s)
}

func (w *apartWalk) asks(s apart, d duty, emergency bool) []apart {
	if len(s.asked[d]) == [2]int{2, 1}[d] || emergency && !w.urgent {
		return nil
	}
	s = s.clone()
	ask := access.Ask{ID: fmt.Sprintf("AR-%d%d", d, len(s.asked[d])), Requester: maya.account(), Beneficiary: maya.account(), App: "books", Role: d.ref().Role, Wanted: time.Hour, Reason: hint, Around: s.around()}
	if !emergency {
		r, _, _, err := access.Submit(w.catalog, ask, s.has(), now)
		if err != nil {
			w.refused++
			return nil
		}
		s.asked[d] = append(s.asked[d], r)
		return []apart{s}
	}
	r, _, _, err := access.SubmitBreakGlass(w.catalog, ask, "Books", held, s.has(), now)
	if err != nil {
		return nil
	}
	if r, _, err = r.Apply(r.Event(access.EventBreakGlass, maya.actor(), now), now); err != nil {
		return nil
	}
	s.asked[d] = append(s.asked[d], r)
	return w.gives(s, d, r)
}

// yes is that her manager says yes: what she may not have any more is closed, or waits.
func (w *apartWalk) yes(s apart, d duty, i int) []apart {
	r := s.asked[d][i]
	if r.State != access.RequestPending {
		return nil
	}
	s = s.clone()
	var has access.Standings
	if r.NeedsGrants(w.catalog) {
		has.Grants = s.has().Grants
	}
	e := r.Event(access.EventApproved, noor.actor(), now)
	e.Approvers = []access.PersonID{noor.id()}
	if why, no := access.AsRefusal(r.Objection(w.catalog, maya.account(), maya.account(), s.around(), has)); no {
		if why.Reason == access.Undetermined {
			return nil
		}
		e = r.Event(access.EventDenied, access.System(), now)
		e.Reason = why.Sentence
	}
	moved, _, err := r.Apply(e, now)
	if err != nil {
		w.broken = "a yes can't be taken: " + err.Error()
		return nil
	}
	if s.asked[d][i] = moved; moved.State != access.RequestApproved {
		return []apart{s}
	}
	return w.gives(s, d, moved)
}

// gives starts a grant. The promise: never both through Latchkey without an exception that lives, and none beside
// what is there by hand, or may be.
func (w *apartWalk) gives(s apart, d duty, r access.Request) []apart {
	app, role, _ := w.catalog.Role("books", d.ref().Role)
	g, _, _, err := access.Start(r, app, role, now)
	if err != nil {
		w.broken = "what was approved can't be given: " + err.Error()
		return nil
	}
	other := 1 - d
	excepted, beside := len(g.Exceptions) > 0, s.byHand[other]
	for _, o := range slices.Concat(s.given[other], s.given[d]) {
		lives := o.State == access.GrantWaiting || o.State == access.GrantProvisioning || o.State == access.GrantActive
		beside = beside || o.State != access.GrantEnded && o.Role != d.ref().Role
		excepted = excepted || lives && len(o.Exceptions) > 0
	}
	switch {
	case beside && excepted && w.never:
		w.broken = "somebody has both, and there are no exceptions"
	case beside && !excepted:
		w.broken = "somebody has both without an exception that lives"
	case s.silent && !excepted:
		w.broken = "it isn't known whether somebody has the one, and they get the other"
	case beside:
		w.excepts++
	}
	s.given[d] = append(s.given[d], g)
	return []apart{s}
}

// apart sees that nobody has both by grants that live, of which none is an exception.
func (w *apartWalk) apart(s apart) {
	var live [2]bool
	excepted := false
	for d := range s.given {
		for _, g := range s.given[d] {
			if g.State == access.GrantWaiting || g.State == access.GrantProvisioning || g.State == access.GrantActive {
				live[d], excepted = true, excepted || len(g.Exceptions) > 0
			}
		}
	}
	if live[0] && live[1] && !excepted {
		w.broken = "both are had, and the exception has ended"
	}
}

// moves takes a grant on, and to its end.
func (w *apartWalk) moves(s apart, d duty, i int) (out []apart) {
	g, ref := s.given[d][i], d.group()
	for _, kind := range []access.EventKind{access.EventRecorded, access.EventMemberAdded, access.EventEnding, access.EventMemberRemoved} {
		e := g.Event(kind, access.System(), now)
		e.Group, e.End = &ref, access.EndRevoked
		if after, _, err := g.Apply(e, now); err == nil {
			next := s.clone()
			next.given[d][i] = after
			out = append(out, next)
		}
	}
	return out
}

// apartWalks are the worlds of this kind.
func apartWalks() map[string]*apartWalk {
	terms := catalog.ExceptionTerms{Route: "one", Max: held}
	return map[string]*apartWalk{
		"apart, no exceptions":      {catalog: apartCatalog(catalog.ExceptionTerms{}, false), never: true},
		"apart, with exceptions":    {catalog: apartCatalog(terms, false)},
		"apart, but in emergencies": {catalog: apartCatalog(catalog.ExceptionTerms{}, true), urgent: true},
	}
}

// TestKeptApart: whatever happens in whatever order, nobody has both of what a conflict keeps apart through Latchkey,
// without an exception that lives.
func TestKeptApart(t *testing.T) {
	for name, w := range apartWalks() {
		w.walk()
		t.Logf("%s: %d steps deep, %d times both by an exception, %d times refused", name, w.steps, w.excepts, w.refused)
		if w.broken != "" {
			t.Errorf("%s, after %d steps: %s", name, w.steps, w.broken)
		}
		if w.never != (w.excepts == 0) || w.never && w.refused == 0 {
			t.Errorf("%s: nothing was tried", name)
		}
	}
}

// inApart are these worlds, to look for a fault in; they are always searched whole.
func inApart() (all []hunt) {
	for name, w := range apartWalks() {
		all = append(all, hunt{world: name, sizes: []int{0}, search: func(int) finding {
			w.walk()
			return finding{Promise: w.broken, Steps: make([]savedStep, w.steps)}
		}})
	}
	return all
}
