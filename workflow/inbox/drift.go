package inbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/evidence"
)

// underWay is how long after an event its issue may still be on the way.
const underWay = 2 * time.Minute

// gone notes, once, that there is no issue any more.
func (s Situation) gone() []Action {
	if s.Cursor.Gone || s.Case.Request.Issue.Gone {
		return nil
	}
	return []Action{Gone{}}
}

// back notes that an issue that was gone can be seen again.
func (s Situation) back() []Action {
	if !s.Case.Request.Issue.Gone {
		return nil
	}
	return []Action{Back{}}
}

// lostComments are Latchkey's comments that were there and are not any more.
func (s Situation) lostComments() []Action {
	lost := slices.DeleteFunc(slices.Clone(s.Cursor.OwnComments), func(id string) bool { return slices.Contains(s.Seen.OwnComments, id) })
	if len(lost) == 0 {
		return nil
	}
	what := "A comment of Latchkey was deleted from the issue; what it said is still in the log."
	if len(lost) > 1 {
		what = fmt.Sprintf("%d comments of Latchkey were deleted from the issue; what they said is still in the log.", len(lost))
	}
	return []Action{Drift{Key: "comments-" + strings.Join(lost, "-"), What: what, Cause: "comments|" + s.Seen.Issue.ID}}
}

// property says what is amiss with the issue's property, unless Latchkey is about
// to write it, or has just done so: then it has to be seen twice.
func (s Situation) property() []Action {
	what := s.amiss()
	switch {
	case what == "" || s.Unwritten:
		return nil
	case s.At.Sub(s.lastEvent()) < underWay && what != s.Cursor.Doubt:
		return []Action{Doubt{what}}
	default:
		return []Action{Drift{Key: "property-" + strconv.FormatUint(s.Cursor.Version, 10), What: what, Cause: "property|" + s.Seen.Issue.ID}}
	}
}

func (s Situation) lastEvent() time.Time {
	if len(s.Case.Story) == 0 {
		return time.Time{}
	}
	return s.Case.Story[len(s.Case.Story)-1].At
}

// amiss says what is wrong with the issue's property.
func (s Situation) amiss() string {
	if len(s.Seen.OwnComments) == 0 {
		return "" // nothing was recorded yet
	}
	switch state, _, err := evidence.OpenState(s.Trust, s.Seen.State); {
	case s.Seen.State == "":
		return "The property that holds the state of the request was deleted."
	case err != nil:
		return "The property that holds the state of the request was changed, so that its signature doesn't hold any more."
	case state.Issue != s.Seen.Issue.ID:
		return "The property that holds the state of the request was copied from another issue."
	case state.Request != s.Case.Request.ID:
		return "The property that holds the state of the request was made to name another request."
	case len(s.Case.Lost) > 0:
		return "" // what it names may be what the log has lost
	case !slices.ContainsFunc(s.Case.Story, func(e access.Event) bool { return e.N == state.N && e.Leaf == state.Head }):
		return "The property that holds the state of the request was changed: it doesn't agree with the log."
	}
	return ""
}

// renamed follows an issue to its new key.
func (s Situation) renamed() []Action {
	if s.Case.Request.Issue.Key == s.Seen.Issue.Key {
		return nil
	}
	return []Action{Rename{s.Seen.Issue}}
}
