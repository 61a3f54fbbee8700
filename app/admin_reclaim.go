package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow"
	"latchkey/workflow/reclaim/digest"
)

// What is said of idle seats.
type (
	// ReclaimSummary is how seats stand, and what became of questions about them.
	ReclaimSummary = digest.Summary
	ReclaimApp     = digest.App
	ReclaimSeat    = digest.Seat
	// ReclaimCase is one question about an idle seat.
	ReclaimCase struct {
		access.Reclaim
		Holder string // how people know whose it is
		What   string // the app and the role
		Stands string // in words
	}
)

// reclaimAdmin answers commands about idle seats.
type reclaimAdmin struct {
	workflow *workflow.Service
	now      func() time.Time
}

// summary reads how seats stand now, and what became of questions since a moment.
func (s reclaimAdmin) summary(r *http.Request) (any, error) {
	since, err := time.Parse(time.RFC3339, r.FormValue("since"))
	if err != nil {
		since = s.now().Add(-catalog.Week)
	}
	return s.workflow.ReclaimDigest.Summary(r.Context(), since)
}

// cases are the questions in which something is still to happen, or all there ever were.
func (s reclaimAdmin) cases(r *http.Request) (any, error) {
	ctx := r.Context()
	all, err := s.workflow.Reclaim.Open(ctx)
	if r.FormValue("all") != "" {
		all, err = s.every(ctx)
	}
	if err != nil {
		return nil, err
	}
	var who []access.PersonID
	for _, c := range all {
		who = append(who, c.Person)
	}
	names, out := s.workflow.People.Names(ctx, who), []ReclaimCase{}
	for _, c := range all {
		out = append(out, ReclaimCase{c, names[c.Person].Contact(), s.workflow.ReclaimDigest.Label(c), digest.Stands(c)})
	}
	return out, nil
}

// readAtOnce is how many questions are read at a time.
const readAtOnce = 1000

func (s reclaimAdmin) every(ctx context.Context) (all []access.Reclaim, err error) {
	for after := ""; ; {
		page, err := s.workflow.Reclaim.List(ctx, after, readAtOnce)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all, after = append(all, page...), page[len(page)-1].ID
	}
}

// exempt leaves a seat out, until a day or for good.
func (s reclaimAdmin) exempt(r *http.Request) (any, error) {
	until := time.Time{}
	if text := r.FormValue("until"); text != "" {
		var err error
		if until, err = time.Parse(time.DateOnly, text); err != nil {
			return nil, access.Refuse(access.Invalid, "until", fmt.Sprintf("%q is no day: write one like 2027-03-01.", text))
		}
	}
	if id := r.FormValue("id"); id != "" {
		return s.workflow.Reclaim.Exempt(r.Context(), operator(r), id, until, r.FormValue("why"))
	}
	who, err := whom(r, s.workflow.People)
	if err != nil {
		return nil, err
	}
	return s.workflow.Reclaim.LeaveOut(r.Context(), operator(r), who, r.FormValue("app"), until, r.FormValue("why"))
}
