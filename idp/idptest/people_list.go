package idptest

import (
	"context"
	"iter"
	"slices"

	"latchkey/idp"
)

// People implements idp.PeopleLister. Each account is a page of its own.
func (d directory) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return d.everybody(ctx, func(a *account) idp.Person { return a.Person })
}

// PeopleAndManagers implements idp.ManagerLister.
func (d directory) PeopleAndManagers(ctx context.Context) iter.Seq2[idp.Person, error] {
	return d.everybody(ctx, d.shown)
}

func (d directory) everybody(ctx context.Context, told func(*account) idp.Person) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		for i := 0; ; i++ {
			var p idp.Person
			var more bool
			err := d.v.reads(ctx, func() error {
				if more = i < len(d.v.people); more {
					p = told(d.v.people[i])
				}
				return nil
			})
			if err != nil {
				yield(idp.Person{}, err)
				return
			}
			if !more || p.Status != idp.Left && !yield(p, nil) {
				return
			}
		}
	}
}

// listsPeople: everybody who has not left, once; and a list that breaks off says so.
func listsPeople(w world) {
	lister, able := idp.As[idp.PeopleLister](w.Directory)
	if !able {
		return
	}
	want, already := map[string]string{}, slices.Clone(w.Already)
	for _, e := range []string{"maya@x.com", "noor@x.com", "tom@x.com"} {
		want[w.AddPerson(Person{Email: e, Department: "Design"})] = e
	}
	w.SetStatus(w.AddPerson(Person{Email: "gone@x.com"}), idp.Left)
	for p, err := range lister.People(w.ctx) {
		if err != nil {
			w.Fatal(err)
		}
		if i := slices.Index(already, p.ID); i >= 0 {
			already = slices.Delete(already, i, i+1)
			continue
		}
		if p.Email != want[p.ID] || p.Department != "Design" {
			w.Errorf("listed %+v", p)
		}
		delete(want, p.ID)
	}
	if len(want) > 0 || len(already) > 0 {
		w.Errorf("not listed: %v, %v", want, already)
	}
	w.Fail(Outage)
	failed := false
	for _, err := range lister.People(w.ctx) {
		failed = failed || err != nil
	}
	if !failed {
		w.Error("a list that can't be read says nothing of that")
	}
}

// listsManagers: the list names whoever the account read alone names, and nobody for whoever has no manager; and it is as whole
// as the other.
func listsManagers(w world) {
	lister, able := idp.As[idp.ManagerLister](w.Directory)
	if !able {
		return
	}
	noor := w.AddPerson(Person{Email: "noor@x.com"})
	managed := map[string]string{noor: "", w.AddPerson(Person{Email: "maya@x.com", Manager: "noor@x.com"}): noor, w.AddPerson(Person{Email: "tom@x.com", Manager: "noor@x.com"}): noor}
	for p, err := range lister.PeopleAndManagers(w.ctx) {
		want, made := managed[p.ID]
		if err != nil {
			w.Fatal(err)
		}
		if delete(managed, p.ID); !made {
			continue
		}
		if named := p.ManagerID == want && want != "" || p.ManagerKey != "" && (p.ManagerKey == want || idp.SameAddress(p.ManagerKey, "noor@x.com")); named != (want != "") || want == "" && p.ManagerID+p.ManagerKey != "" {
			w.Errorf("the manager of %s is listed as %q, %q, want %q", p.Email, p.ManagerID, p.ManagerKey, want)
		}
	}
	if len(managed) > 0 {
		w.Errorf("not listed: %v", managed)
	}
	w.Fail(Outage)
	failed := false
	for _, err := range lister.PeopleAndManagers(w.ctx) {
		failed = failed || err != nil
	}
	if !failed {
		w.Error("a list that can't be read says nothing of that")
	}
}
