package idptest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"latchkey/idp"
)

// transient fails the case unless err is a failure that is cured by trying again.
func (w world) transient(what string, err error) {
	w.Helper()
	var limited *idp.RateLimited
	for _, kind := range []error{idp.ErrNotFound, idp.ErrAmbiguous, idp.ErrDenied, idp.ErrRefused} {
		if errors.Is(err, kind) {
			w.Errorf("%s: %v is %q, want a transient error", what, err, kind)
		}
	}
	if err == nil || errors.As(err, &limited) {
		w.Errorf("%s: got %v, want a transient error", what, err)
	}
}

func survivesOutages(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	w.Fail(Outage)
	_, err := w.Directory.FindPerson(w.ctx, "maya@x.com")
	w.transient("FindPerson", err)
	_, err = w.Directory.Person(w.ctx, maya)
	w.transient("Person", err)
	_, err = w.Directory.FindGroup(w.ctx, "figma")
	w.transient("FindGroup", err)
	_, err = w.Directory.Group(w.ctx, group)
	w.transient("Group", err)
	_, err = w.Directory.Members(w.ctx, group)
	w.transient("Members", err)
	w.transient("Add", w.Directory.Add(w.ctx, group, maya))
	w.transient("Remove", w.Directory.Remove(w.ctx, group, maya))
	w.Heal()
	w.add(group, maya)
	w.seen(group, maya, true)
}

func reportsDenial(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	for _, f := range []Failure{Denied, BadToken} {
		w.Fail(f)
		_, err := w.Directory.FindPerson(w.ctx, "maya@x.com")
		w.wantErr("FindPerson", err, idp.ErrDenied)
		_, err = w.Directory.Person(w.ctx, maya)
		w.wantErr("Person", err, idp.ErrDenied)
		_, err = w.Directory.Members(w.ctx, group)
		w.wantErr("Members", err, idp.ErrDenied)
		w.wantErr("Add", w.Directory.Add(w.ctx, group, maya), idp.ErrDenied)
		w.wantErr("Remove", w.Directory.Remove(w.ctx, group, maya), idp.ErrDenied)
		w.Heal()
		w.add(group, maya)
		w.remove(group, maya)
	}
}

func repeatsLostWrites(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	w.Fail(LostAnswer)
	w.transient("Add", w.Directory.Add(w.ctx, group, maya))
	if !w.IsMember(group, maya) {
		w.Fatal("the write was not carried out, so nothing is tested")
	}
	w.add(group, maya)
	w.Fail(LostAnswer)
	w.transient("Remove", w.Directory.Remove(w.ctx, group, maya))
	if w.IsMember(group, maya) {
		w.Fatal("the removal was not carried out, so nothing is tested")
	}
	w.remove(group, maya)
	w.seen(group, maya, false)
}

func waitsForLimits(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	w.Fail(Hiccup)
	w.add(group, maya)
	w.seen(group, maya, true)
}

func tellsLimits(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	w.Fail(Throttled)
	began := time.Now()
	err := w.Directory.Remove(w.ctx, group, maya)
	var limited *idp.RateLimited
	if !errors.As(err, &limited) || limited.After < 30*time.Second || limited.After > 2*time.Minute {
		w.Errorf("got %v, want a wait of about a minute", err)
	}
	if took := time.Since(began); took > CaseTimeout/2 {
		w.Errorf("it took %s to say so", took)
	}
}

func obeysContext(w world) {
	group, maya := w.AddGroup("figma", Plain), w.AddPerson(Person{Email: "maya@x.com"})
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	w.wantErr("Add", w.Directory.Add(ctx, group, maya), context.Canceled)
	_, err := w.Directory.FindPerson(ctx, "maya@x.com")
	w.wantErr("FindPerson", err, context.Canceled)
	if w.IsMember(group, maya) {
		w.Error("the write was carried out all the same")
	}
}

func worksConcurrently(w world) {
	const people = 30
	group := w.AddGroup("figma", Plain)
	ids := make([]string, people)
	for i := range ids {
		ids[i] = w.AddPerson(Person{Email: fmt.Sprintf("p%02d@x.com", i)})
	}
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			if _, err := w.Directory.FindPerson(w.ctx, fmt.Sprintf("p%02d@x.com", i)); err != nil {
				w.Error(err)
			}
			if err := w.Directory.Add(w.ctx, group, id); err != nil {
				w.Error(err)
			}
			if i%2 == 1 {
				if err := w.Directory.Remove(w.ctx, group, id); err != nil {
					w.Error(err)
				}
			}
		})
	}
	all.Wait()
	for i, id := range ids {
		if want := i%2 == 0; w.IsMember(group, id) != want {
			w.Errorf("person %d: member is %v", i, !want)
		}
	}
	if n := len(w.members(group)); n != people/2 {
		w.Errorf("%d members, want %d", n, people/2)
	}
}

func reportsUse(w world) {
	reporter, able := idp.As[idp.UsageReporter](w.Directory)
	if !able {
		return
	}
	maya, noor := w.AddPerson(Person{Email: "maya@x.com"}), w.AddPerson(Person{Email: "noor@x.com"})
	last := time.Now().Add(-48 * time.Hour).Truncate(time.Second)
	app := w.SignIn(maya, last.Add(-time.Hour), true)
	w.SignIn(maya, last, true)
	w.SignIn(maya, last.Add(time.Hour), false)
	used, reach := w.usage(reporter, app)
	if at := used[maya]; !at.Equal(last) {
		w.Errorf("maya used it last at %v, want %v", at, last)
	}
	if at, known := used[noor]; known || len(used) != 1 {
		w.Errorf("noor never used it, the report says %v (%d people in all)", at, len(used))
	}
	if !reach.Before(last) {
		w.Errorf("the report reaches back to %v, but knows of %v", reach, last)
	}
	if used, _ := w.usage(reporter, "no such app"); len(used) != 0 {
		w.Errorf("nobody can have used what is not there: %v", used)
	}
}

// usage collects a report; an app that is not found has none.
func (w world) usage(reporter idp.UsageReporter, app string) (used map[string]time.Time, reach time.Time) {
	w.Helper()
	u, err := reporter.Usage(w.ctx, app)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, reach
	}
	if err != nil || u.Source == "" || u.Since.IsZero() {
		w.Fatalf("Usage = %+v, %v, want a report with its source and reach", u, err)
	}
	if now := time.Now(); u.Complete.Before(u.Since) || u.Complete.After(now.Add(time.Minute)) {
		w.Errorf("the report is complete until %v, which it can't be: it reaches back to %v", u.Complete, u.Since)
	}
	used = map[string]time.Time{}
	for one, err := range u.All {
		if err != nil {
			w.Fatal(err)
		}
		if _, twice := used[one.PersonID]; twice {
			w.Errorf("%s is in the report twice", one.PersonID)
		}
		used[one.PersonID] = one.Last
	}
	return used, u.Since
}

func probes(w world) {
	prober, able := idp.As[idp.Prober](w.Directory)
	if !able {
		return
	}
	findings, err := prober.Probe(w.ctx)
	if err != nil || len(findings) == 0 {
		w.Fatalf("Probe = %v, %v", findings, err)
	}
	for _, f := range findings {
		if !f.OK || f.Check == "" {
			w.Errorf("in a healthy world: %+v", f)
		}
	}
	w.Fail(BadToken)
	findings, err = prober.Probe(w.ctx)
	bad := 0
	for _, f := range findings {
		if !f.OK && f.Detail != "" {
			bad++
		}
	}
	if err != nil || bad == 0 {
		w.Errorf("with a bad token: %+v, %v", findings, err)
	}
}
