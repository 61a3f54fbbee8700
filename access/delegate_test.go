package access_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

const (
	dNoor, dOmar, dAna, dMaya = access.PersonID("P-NOOR"), access.PersonID("P-OMAR"), access.PersonID("P-ANA"), access.PersonID("P-MAYA")
)

// standing is a request whose stage needs some answers, of Noor and Ana; Omar decides for
// whom is given.
func standing(need catalog.Need, answers ...access.Answer) access.Request {
	return access.Request{ID: "AR-1", Requester: dMaya, Beneficiary: dMaya, State: access.RequestPending, Wanted: time.Hour, Allowed: time.Hour,
		Stages: []access.Stage{{Need: need, Asked: []access.PersonID{dNoor, dAna, dOmar}, Delegates: []access.Delegate{{Who: dOmar, For: dNoor}}, Answers: answers}}}
}

func yesBy(r access.Request, who, place access.PersonID, pairs ...access.Delegate) access.Event {
	e := r.Event(access.EventApproved, access.Actor{Person: who, Via: access.ViaSlack}, at)
	e.For, e.Delegates = place, pairs
	e.Approvers = []access.PersonID{dNoor, dAna}
	for _, p := range pairs {
		e.Approvers = append(e.Approvers, p.Who)
	}
	return e
}

func TestWhoDecidesInAnothersPlace(t *testing.T) {
	pair := access.Delegate{Who: dOmar, For: dNoor}
	forNoor := access.Answer{By: access.Actor{Person: dOmar}, For: dNoor, Yes: true, At: at}
	two, all := catalog.Need{AtLeast: 2}, catalog.Need{All: true}
	for name, c := range map[string]struct {
		r     access.Request
		who   access.PersonID
		place access.PersonID
		pairs []access.Delegate
		want  access.RequestState // "": refused
	}{
		"a delegate in the place":                    {standing(catalog.Need{}), dOmar, dNoor, []access.Delegate{pair}, access.RequestApproved},
		"nobody says in whose":                       {standing(catalog.Need{}), dOmar, "", []access.Delegate{pair}, ""},
		"in the place of somebody else":              {standing(catalog.Need{}), dOmar, dAna, []access.Delegate{pair}, ""},
		"without a delegation":                       {standing(catalog.Need{}), dOmar, dNoor, nil, ""},
		"for who asks":                               {standing(catalog.Need{}), dOmar, dMaya, []access.Delegate{{Who: dOmar, For: dMaya}}, ""},
		"for themselves":                             {standing(catalog.Need{}), dOmar, dOmar, []access.Delegate{{Who: dOmar, For: dOmar}}, ""},
		"who asks, for somebody":                     {standing(catalog.Need{}), dMaya, dNoor, []access.Delegate{{Who: dMaya, For: dNoor}}, ""},
		"one yes of two":                             {standing(two), dOmar, dNoor, []access.Delegate{pair}, access.RequestPending},
		"the delegator after their delegate":         {standing(two, forNoor), dNoor, "", []access.Delegate{pair}, ""},
		"the delegate after the delegator":           {standing(two, access.Answer{By: access.Actor{Person: dNoor}, Yes: true, At: at}), dOmar, dNoor, []access.Delegate{pair}, ""},
		"one human for two":                          {standing(two, forNoor), dOmar, dAna, []access.Delegate{pair, {Who: dOmar, For: dAna}}, ""},
		"the second after a delegate":                {standing(two, forNoor), dAna, "", []access.Delegate{pair}, access.RequestApproved},
		"all, of whom one had it said":               {standing(all, forNoor), dAna, "", []access.Delegate{pair}, access.RequestApproved},
		"all, of whom one has said nothing":          {standing(all), dOmar, dNoor, []access.Delegate{pair}, access.RequestPending},
		"a delegate of somebody who may not decide":  {standing(catalog.Need{}), dOmar, "P-GONE", []access.Delegate{{Who: dOmar, For: "P-GONE"}}, ""},
		"whoever decides anyway decides by themself": {standing(catalog.Need{}), dAna, "", nil, access.RequestApproved},
	} {
		t.Run(name, func(t *testing.T) {
			next, _, err := c.r.Apply(yesBy(c.r, c.who, c.place, c.pairs...), at)
			if c.want == "" {
				if _, refused := access.AsRefusal(err); !refused {
					t.Errorf("it is %s, %v", next.State, err)
				}
				return
			}
			if err != nil || next.State != c.want {
				t.Fatalf("it is %s, %v", next.State, err)
			}
			if a, _ := next.Decider(); a.For != c.place || a.By.Person != c.who {
				t.Errorf("the answer is %+v", a)
			}
		})
	}
}

// While somebody decides for them, it isn't waited for whoever is away.
func TestWhoIsAwayIsNotWaitedFor(t *testing.T) {
	r := standing(catalog.Need{})
	if got := r.WaitsFor(); len(got) != 2 || got[0] != dAna || got[1] != dOmar {
		t.Errorf("it waits for %v", got)
	}
	r = standing(catalog.Need{AtLeast: 2}, access.Answer{By: access.Actor{Person: dOmar}, For: dNoor, Yes: true, At: at})
	if got := r.WaitsFor(); len(got) != 1 || got[0] != dAna {
		t.Errorf("it waits for %v", got)
	}
	r = standing(catalog.Need{AtLeast: 2}, access.Answer{By: access.Actor{Person: dNoor}, Yes: true, At: at})
	if got := r.Awaited(); len(got) != 1 || got[0] != dAna {
		t.Errorf("it waits for %v", got)
	}
}

func TestADelegationIsBounded(t *testing.T) {
	by := access.Actor{Person: dNoor, Via: access.ViaSlack}
	for name, c := range map[string]struct {
		to          access.PersonID
		from, until time.Time
		field       string
	}{
		"for a week":        {dOmar, at, at.Add(catalog.Week), ""},
		"from the past on":  {dOmar, at.Add(-time.Hour), at.Add(catalog.Week), ""},
		"to oneself":        {dNoor, at, at.Add(catalog.Week), "delegate"},
		"to nobody":         {"", at, at.Add(catalog.Week), "delegate"},
		"over already":      {dOmar, at.Add(-catalog.Week), at, "until"},
		"backwards":         {dOmar, at.Add(catalog.Week), at.Add(time.Hour), "until"},
		"too long":          {dOmar, at, at.Add(access.DelegationMost + time.Minute), "until"},
		"too long before":   {dOmar, at.Add(access.DelegationAhead + time.Minute), at.Add(access.DelegationAhead + time.Hour), "from"},
		"as long as it can": {dOmar, at, at.Add(access.DelegationMost), ""},
	} {
		d, e, err := access.NewDelegation("D-1", by, c.to, c.from, c.until, at)
		refusal, refused := access.AsRefusal(err)
		switch {
		case refused != (c.field != ""), refused && refusal.Field != c.field:
			t.Errorf("%s: %v", name, err)
		case !refused && (!d.Counts(at) || d.Counts(d.Until) || d.Counts(at.Add(-time.Second)) || d.State != access.DelegationRunning || e.Kind != access.EventDelegated || e.About() != access.DelegationSubject("D-1")):
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestHowADelegationGoesOn(t *testing.T) {
	by := access.Actor{Person: dNoor, Via: access.ViaSlack}
	planned, _, err := access.NewDelegation("D-1", by, dOmar, at.Add(time.Hour), at.Add(2*time.Hour), at)
	if err != nil || planned.State != access.DelegationPlanned || !planned.Due().Equal(at.Add(time.Hour)) {
		t.Fatalf("%+v, %v", planned, err)
	}
	move := func(d access.Delegation, kind access.EventKind, by access.Actor, note string, when time.Time) (access.Delegation, error) {
		e := d.Event(kind, by, when)
		e.Note = note
		next, _, err := d.Apply(e, when)
		return next, err
	}
	if _, err := move(planned, access.EventDelegationBegun, access.System(), "", at); err == nil {
		t.Error("it began before its time")
	}
	running, err := move(planned, access.EventDelegationBegun, access.System(), "", at.Add(time.Hour))
	if err != nil || running.State != access.DelegationRunning || !running.Due().Equal(running.Until) {
		t.Fatalf("%+v, %v", running, err)
	}
	if _, err := move(running, access.EventDelegationEnded, access.System(), "", at.Add(time.Hour)); err == nil {
		t.Error("it ended by itself before its time")
	}
	if _, err := move(running, access.EventDelegationEnded, access.Actor{Person: dAna, Via: access.ViaSlack}, "", at.Add(time.Hour)); err == nil {
		t.Error("somebody else ended it")
	}
	for _, who := range []access.PersonID{dNoor, dOmar} {
		ended, err := move(running, access.EventDelegationEnded, access.Actor{Person: who, Via: access.ViaSlack}, "", at.Add(time.Hour))
		if err != nil || ended.Counts(at.Add(time.Hour)) || !ended.Due().IsZero() || ended.EndedBy.Person != who {
			t.Errorf("%+v, %v", ended, err)
		}
		if _, err := move(ended, access.EventDelegationEnded, by, "", at.Add(time.Hour)); err == nil {
			t.Error("it ended twice")
		}
	}
	if ended, err := move(running, access.EventDelegationEnded, access.System(), "They have left.", at.Add(time.Hour)); err != nil || ended.Why == "" {
		t.Errorf("%+v, %v", ended, err)
	}
}

// What IT decides about who answers is bounded, and whoever that is has the place of one, or of
// all where one is enough.
func TestAStageIsGivenToSomebodyElse(t *testing.T) {
	ines, zoe := access.PersonID("P-INES"), access.PersonID("P-ZOE")
	give := func(r access.Request, by, to, from access.PersonID) (access.Request, error) {
		e := r.Event(access.EventReassigned, access.Actor{Person: by, Via: access.ViaSlack}, at)
		e.Approvers, e.For, e.Reason = []access.PersonID{to}, from, "They are ill"
		next, _, err := r.Apply(e, at)
		return next, err
	}
	one, two := standing(catalog.Need{}), standing(catalog.Need{AtLeast: 2})
	for name, c := range map[string]struct {
		r            access.Request
		by, to, from access.PersonID
		allowed      bool
	}{
		"of all":                       {one, ines, zoe, "", true},
		"of one of them":               {one, ines, zoe, dNoor, true},
		"of all, where two are needed": {two, ines, zoe, "", false},
		"of one of two":                {two, ines, zoe, dNoor, true},
		"to one of those who do":       {two, ines, dAna, dNoor, false},
		"to themselves":                {one, ines, ines, "", false},
		"to who asks":                  {one, ines, dMaya, "", false},
		"by who asks":                  {one, dMaya, zoe, "", false},
		"by nobody":                    {one, "", zoe, "", false},
		"of somebody who isn't asked":  {one, ines, zoe, "P-GONE", false},
	} {
		next, err := give(c.r, c.by, c.to, c.from)
		if _, refused := access.AsRefusal(err); refused == c.allowed || err != nil && !refused {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		if now, by := next.Stages[0].Place(dNoor); now != c.to || by == nil || len(c.r.Stages[0].Reassigned) != 0 {
			t.Errorf("%s: in Noor's place is %s", name, now)
		}
		if now, _ := next.Stages[0].Place(dAna); c.from != "" && now != dAna {
			t.Errorf("%s: in Ana's place is %s", name, now)
		}
	}
	r, err := give(one, ines, zoe, "")
	for i := 0; err == nil && i < 20; i++ {
		r, err = give(r, ines, access.PersonID("P-"+string(rune('A'+i))), "")
	}
	if refusal, refused := access.AsRefusal(err); !refused || refusal.Reason != access.TooLate || len(r.Stages[0].Reassigned) > 5 {
		t.Errorf("%d times, %v", len(r.Stages[0].Reassigned), err)
	}
}
