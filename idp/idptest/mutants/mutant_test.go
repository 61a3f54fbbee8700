package mutants

import (
	"testing"

	"latchkey/clock"
	"latchkey/idp/idptest"
)

// TestAMutantWithoutAFaultConforms: what the suite notices of a mutant is the promise that it breaks, and not that
// something stands around the directory.
func TestAMutantWithoutAFaultConforms(t *testing.T) {
	idptest.Run(t, func(*testing.T) idptest.World {
		w := idptest.NewVendor("memory", clock.System{}).World()
		w.Directory = newMutant(&w)
		return w
	})
}

// TestMutationsAreToldApart: each has a name of its own, and a case that is there.
func TestMutationsAreToldApart(t *testing.T) {
	names := map[string]bool{}
	for _, m := range mutations() {
		if names[m.name] {
			t.Errorf("there are two that say: %s", m.name)
		}
		names[m.name] = true
		likely(t, m.noticed)
	}
	if len(names) < 70 {
		t.Errorf("there are %d", len(names))
	}
}

// TestASurvivorIsSeen: a promise that no case asks for is said to survive, and one that is never broken too.
func TestASurvivorIsSeen(t *testing.T) {
	fresh := func(*testing.T) idptest.World { return idptest.NewVendor("memory", clock.System{}).World() }
	harmless := mutation{name: "says hello", noticed: casePeople, apply: always(func(m *mutant) { m.strike() })}
	for _, c := range idptest.Cases()[:3] {
		if found, struck, able := tried(t, harmless, c, fresh); len(found) > 0 || !struck || !able {
			t.Errorf("%s: %v %v %v", c.Name, found, struck, able)
		}
	}
	loud := mutation{name: "adds nobody", noticed: caseRepeats, apply: ofWriting()[0].apply}
	if found, struck, _ := tried(t, loud, likely(t, caseRepeats)[0], fresh); len(found) == 0 || !struck {
		t.Errorf("%v %v", found, struck)
	}
}
