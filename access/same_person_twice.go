package access

import "slices"

// Everybody are all whom the request names by an id, each once.
func (r Request) Everybody() []PersonID {
	all := []PersonID{r.Requester, r.Beneficiary}
	for _, s := range r.Stages {
		all = append(append(append(all, s.Asked...), s.Standby...), s.Claim.By)
		for _, d := range s.Delegates {
			all = append(all, d.Who, d.For)
		}
		for _, a := range s.Answers {
			all = append(all, a.By.Person, a.For)
		}
	}
	for _, k := range r.Waiting {
		all = append(all, k.By.Person)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(p PersonID) bool { return p == "" })
}

// Unite puts one person in the place of another wherever the request names them,
// because both are one human.
func (r Request) Unite(from, to PersonID) Request {
	is := func(p *PersonID) {
		if *p == from {
			*p = to
		}
	}
	r = r.clone()
	is(&r.Requester)
	is(&r.Beneficiary)
	for i := range r.Stages {
		s := &r.Stages[i]
		s.Asked, s.Also, s.Standby = slices.Clone(s.Asked), slices.Clone(s.Also), slices.Clone(s.Standby)
		for _, some := range [][]PersonID{s.Also, s.Asked, s.Standby} {
			for j := range some {
				is(&some[j])
			}
		}
		s.Reassigned = slices.Clone(s.Reassigned)
		for j := range s.Reassigned {
			is(&s.Reassigned[j].From)
			is(&s.Reassigned[j].To)
			is(&s.Reassigned[j].By.Person)
		}
		s.Delegates = slices.Clone(s.Delegates)
		for j := range s.Delegates {
			is(&s.Delegates[j].Who)
			is(&s.Delegates[j].For)
		}
		for j := range s.Answers {
			is(&s.Answers[j].By.Person)
			is(&s.Answers[j].For)
		}
		is(&s.Claim.By)
	}
	r.Chased = slices.Clone(r.Chased)
	for i := range r.Chased {
		is(&r.Chased[i].Who)
	}
	r.Waiting = slices.Clone(r.Waiting)
	for i := range r.Waiting {
		is(&r.Waiting[i].By.Person)
	}
	return r
}

// Twice says that one human stands in two places of the request that need different
// people; "" if nobody does. It is for when two people were found to be one.
func (r Request) Twice() string {
	var yes []PersonID
	for _, s := range r.Stages {
		var here []PersonID
		for _, a := range s.Answers {
			if !a.Yes {
				continue
			}
			for _, who := range a.names() {
				switch {
				case who == r.Requester, who == r.Beneficiary:
					return "Who said yes to it is the same person as who asked for it or would get it, and nobody decides on their own access."
				case slices.Contains(here, who):
					return "Two of those who said yes to it are the same person, and different people have to agree."
				case r.Distinct && slices.Contains(yes, who):
					return "Two steps of it were answered by the same person, and each needs somebody else."
				}
			}
			here = append(here, a.names()...)
		}
		yes = append(yes, here...)
	}
	return ""
}
