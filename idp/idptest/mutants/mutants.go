package mutants

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"latchkey/idp/idptest"
)

// Run judges the suite by directories that keep all promises but one: for each of a list of broken promises,
// the directory of a fresh world is decorated so that it breaks that one, and a case of the suite has to notice. So
// whoever passes the suite keeps them. A promise about a capability is left out where the directory hasn't got it.
func Run(t *testing.T, fresh func(*testing.T) idptest.World) {
	for _, broken := range mutations() {
		t.Run(broken.name, func(t *testing.T) {
			struck := false
			for _, c := range likely(t, broken.noticed) {
				found, hit, able := tried(t, broken, c, fresh)
				if !able {
					t.Log("left out: it is about a capability that the directory hasn't got")
					return
				}
				if struck = struck || hit; hit && len(found) > 0 {
					return
				}
			}
			switch {
			case struck:
				t.Error("it survives: no case of the suite notices")
			case !broken.rare:
				t.Error("no case of the suite comes to where it would break the promise")
			}
		})
	}
}

// likely are the cases, the one that should notice first.
func likely(t *testing.T, name string) []idptest.Case {
	all := idptest.Cases()
	at := slices.IndexFunc(all, func(c idptest.Case) bool { return c.Name == name })
	if at < 0 {
		t.Fatalf("there is no case %q", name)
	}
	return slices.Concat(all[at:at+1], all[:at], all[at+1:])
}

// tried runs one case against a broken directory: what the case found, whether the promise was broken in it, and
// whether the directory has what is to be broken.
func tried(t *testing.T, broken mutation, c idptest.Case, fresh func(*testing.T) idptest.World) (found []string, struck, able bool) {
	ctx, cancel := context.WithTimeout(t.Context(), idptest.CaseTimeout)
	defer cancel()
	w := fresh(t)
	m := newMutant(&w)
	if !broken.apply(m) {
		return nil, false, false
	}
	w.Directory = m
	heard := &hearing{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if fault := recover(); fault != nil {
				heard.Errorf("it fell over: %v", fault)
			}
		}()
		c.Run(ctx, w, heard)
	}()
	<-done
	return heard.all(), m.struck.Load() > 0, true
}

// hearing is a judge who only listens.
type hearing struct {
	mu   sync.Mutex
	said []string
}

func (h *hearing) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.said)
}

// Helper implements idptest.Judge.
func (*hearing) Helper() {}

// Error implements idptest.Judge.
func (h *hearing) Error(args ...any) { h.Errorf("%s", strings.TrimSpace(fmt.Sprintln(args...))) }

// Errorf implements idptest.Judge.
func (h *hearing) Errorf(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said = append(h.said, fmt.Sprintf(format, args...))
}

// Fatal implements idptest.Judge.
func (h *hearing) Fatal(args ...any) {
	h.Error(args...)
	runtime.Goexit()
}

// Fatalf implements idptest.Judge.
func (h *hearing) Fatalf(format string, args ...any) {
	h.Errorf(format, args...)
	runtime.Goexit()
}
