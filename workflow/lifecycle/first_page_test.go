package lifecycle

import (
	"context"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/people/peopletest"
)

// tracking is a log that tells only what changes after its first page was read, as Graph's is.
type tracking struct {
	idp.AccountLog
	begun bool
	w     *world
}

func (l *tracking) ReadLog(ctx context.Context, from idp.LogPosition) (idp.LogPage, error) {
	if !l.begun {
		l.begun = true
		return idp.LogPage{Next: idp.LogPosition{Since: l.w.clock.Now()}}, nil
	}
	return l.AccountLog.ReadLog(ctx, from)
}

// TestReadingBeginsWithAPage: who leaves between the first turn and the second is seen, also by a log that only tells what
// comes after its first page.
func TestReadingBeginsWithAPage(t *testing.T) {
	w := newWorld(t)
	d, _ := w.dirs.Get("okta")
	under, _ := idp.As[idp.AccountLog](d)
	log := &tracking{AccountLog: under, w: w}
	maya := w.employ("maya")
	w.clock.Advance(time.Second)
	for _, happens := range []func(){func() {}, func() { w.vendor.SetStatus(maya, idp.Left) }} {
		happens()
		if err := w.turn(t.Context(), d, log); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
	}
	if failed := w.work(); len(failed) > 0 {
		t.Fatal(failed)
	}
	if want := []access.PersonID{peopletest.ID("maya")}; !slices.Equal(w.left, want) {
		t.Errorf("%v have left, want %v", w.left, want)
	}
}
