package access

import (
	"fmt"
	"strings"

	"latchkey/catalog"
)

// Judge says what the policy says of an ask: whether it may be made, who has to agree, and for how
// long it can be held. What isn't in the catalogue is not judged.
func (a Ask) Judge(c *catalog.Catalog) catalog.Judgement {
	app, role, _ := c.Role(a.App, a.Role)
	return c.Judge(attributesOf(a, app, role))
}

// JudgeBeside is Judge by what whoever gets the access has already.
func (a Ask) JudgeBeside(c *catalog.Catalog, has Standings) catalog.Judgement {
	a.Beside = a.besides(has)
	return a.Judge(c)
}

// Shown is the catalogue as somebody sees it.
func Shown(c *catalog.Catalog, who Person, around Circumstances) *catalog.Catalog {
	return c.Shown(attributesOf(Ask{Requester: who, Beneficiary: who, Around: around}, catalog.App{}, catalog.Role{}))
}

// refusedBy says why the policy refuses an ask, to whoever asks; nil where it doesn't.
func (a Ask) refusedBy(c *catalog.Catalog, j catalog.Judgement, app catalog.App, role catalog.Role) error {
	name := app.Name + " · " + role.Name
	whose, whom := "you", "you"
	if a.Beneficiary.ID != a.Requester.ID {
		whose, whom = a.Beneficiary.Display(), a.Beneficiary.Display()
	}
	switch j.Outcome {
	case catalog.Hidden:
		return Refuse(NotAllowed, "role", fmt.Sprintf("%s isn't offered to %s. Choose another role, or ask IT.", name, whom))
	case catalog.Conflicting:
		return a.conflicting(c, j.Violations)
	case catalog.Denied:
		return Refuse(NotAllowed, "role", fmt.Sprintf("%s (That is %s of the policy.)", strings.TrimSpace(j.Sentence), ruleName(j)))
	case catalog.Undetermined:
		return Refuse(Undetermined, "role", fmt.Sprintf("Whether %s may have %s depends on what isn't known of %s: %s. Ask IT to have it added in the directory. (That is %s of the policy.)", whose, name, whom, strings.Join(j.Missing, ", "), ruleName(j)))
	}
	return nil
}

func ruleName(j catalog.Judgement) string {
	if len(j.Clauses) == 0 {
		return "a rule"
	}
	return "rule " + j.Clauses[0].Rule
}

// PolicySays is what the policy had its part in, as a sentence for the record; "" if it had none.
func PolicySays(clauses []catalog.Clause) string {
	if len(clauses) == 0 {
		return ""
	}
	return "Policy: " + catalog.Says(clauses) + "."
}

// ofOthers has whoever gets the access called by their name: others read it.
func (a Ask) ofOthers() Ask {
	a.Requester = Person{}
	return a
}

// again is a request as it would be asked for by its holder as they are at this moment.
func again(r Request, requester, holder Person, around Circumstances) Ask {
	if r.Requester == r.Beneficiary {
		requester = holder
	}
	return Ask{Requester: requester, Beneficiary: holder, App: r.App, Role: r.Role, Wanted: r.Wanted, Extends: r.Extends, BreakGlass: r.BreakGlass, Around: around, excepted: r.Exceptions, late: true}
}

// Longest is how long the policy lets a request be approved for, judged anew by its holder as they
// are at this moment; catalog.Forever for no bound.
func Longest(r Request, c *catalog.Catalog, requester, holder Person, around Circumstances, has Standings) (most catalog.Durations, clauses []catalog.Clause) {
	j := again(r, requester, holder, around).JudgeBeside(c, has)
	return j.Durations, j.Clauses
}
