package catalog

// conflicts adds what follows of what the person has already. A violation that was allowed, by what they hold or
// by what is asked for, stays so as long as the conflict lets there be exceptions. Any other one refuses the role,
// or makes of the ask one for an exception, which goes its own way and is bounded.
func (j *judging) conflicts() {
	ref := RoleRef{j.a.App.ID, j.a.Role.ID}
	var refused []Violation
	for _, v := range j.c.Brings(j.a.Has, ref) {
		k := v.Conflict
		switch {
		case k.Excepts() && v.AmongExceptions(j.a.Allowed):
		case j.a.Urgent && k.BreakGlass:
			j.violated = append(j.violated, v)
		case j.a.Urgent || !k.Exception.Allowed() || j.a.Late && !v.AmongExceptions(j.a.Excepted):
			refused = append(refused, v)
		default:
			j.except(v)
		}
	}
	if len(refused) == 0 {
		return
	}
	j.violated = refused
	first := refused[0].Conflict
	j.refuse(refusal{Conflicting, first.Why, Clause{Rule: first.ID, Line: first.Line, Effect: "can't go with what is held"}}, true)
}

// except makes the ask one for an exception.
func (j *judging) except(v Violation) {
	k := v.Conflict
	clause := Clause{Rule: k.ID, Line: k.Line, Effect: "an exception, by the route " + k.Exception.Route}
	route := j.c.way(k.Exception.Route)
	if len(j.violated) > 0 { // one is asked for already
		j.add(route.Stages, route.Distinct, clause)
	} else {
		if j.base != nil { // whom a rule asks is asked as well
			j.add(j.base.Stages, j.base.Distinct, j.chosen)
		}
		j.base, j.chosen = &route, clause
	}
	if shorter := j.durations.Within(k.Exception.Max); shorter.Max != j.durations.Max {
		j.durations = shorter
		j.shortens = append(j.shortens, Clause{Rule: k.ID, Line: k.Line, Effect: FormatDuration(k.Exception.Max) + " at most, as an exception"})
	}
	j.durations.Required = true
	j.violated = append(j.violated, v)
}
