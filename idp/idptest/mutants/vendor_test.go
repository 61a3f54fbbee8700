package mutants_test

import (
	"testing"

	"latchkey/clock"
	"latchkey/idp/idptest"
	"latchkey/idp/idptest/mutants"
)

// TestNoMutantSurvives: the suite notices each broken promise, whoever breaks it.
func TestNoMutantSurvives(t *testing.T) {
	mutants.Run(t, func(*testing.T) idptest.World { return idptest.NewVendor("memory", clock.System{}).World() })
}
