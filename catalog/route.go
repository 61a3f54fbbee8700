package catalog

// Route is a named way to a yes: stages that are answered in order. A route
// without stages approves by itself; it is the rule that lets everyday tools
// through and is recorded as such.
type Route struct {
	Name   string
	Stages []Stage
	// Distinct: every stage needs other people. Otherwise one yes of a person counts
	// for every later stage that they could answer.
	Distinct bool
	Channel  string // where approvers are asked, as in "#design-access"; empty: in direct messages
}

// Automatic reports whether the route asks nobody.
func (r Route) Automatic() bool { return len(r.Stages) == 0 }

// Sources are where the approvers of all stages come from, in their order.
func (r Route) Sources() []Approver {
	var out []Approver
	for _, s := range r.Stages {
		out = append(out, s.Approvers...)
	}
	return out
}

// Deciders are where those come from who may answer any of the stages: Sources, and
// the back-up approvers.
func (r Route) Deciders() []Approver {
	out := r.Sources()
	for _, s := range r.Stages {
		out = append(out, s.Backups...)
	}
	return out
}

// Stage is one step of a route.
type Stage struct {
	Approvers []Approver
	Need      Need
	// Backups may answer, too, and are not told that it waits: they are asked where nobody
	// can be found whom Approvers name.
	Backups []Approver `json:",omitempty"`
	// If says when the stage is part of the route; that is found out when a request is made. One of
	// which it isn't known whether it is stays. The zero value always holds.
	If   Condition
	Line int `json:"-"` // of the configuration, where If stands; 0 if it has none
}

// Conditional reports whether the stage is left out where its condition doesn't hold.
func (s Stage) Conditional() bool { return !s.If.Always() }
