package config

import (
	"slices"
	"strings"
	"testing"
)

// TestPrivilegedGroupsNeedASignIn: with a way to sign in, roles of privileged groups ask for it; without one, check warns.
func TestPrivilegedGroupsNeedASignIn(t *testing.T) {
	for _, can := range []bool{false, true} {
		text := smallConfig(t) + `privileged_groups: ["okta:figma-editors"]` + "\n"
		if can {
			text = strings.Replace(text, "    token: ${OKTA_TOKEN}\n", "    token: ${OKTA_TOKEN}\n    sign_in_client: 0oa1\n", 1)
		}
		c, err := loadText(t, text, tokens())
		if err != nil {
			t.Fatal(err)
		}
		_, role, _ := c.Catalog.Role("figma", "editor")
		warned := slices.ContainsFunc(c.Warnings, func(f Fault) bool { return f.Line > 0 && strings.Contains(f.Problem, "opens a privileged group") })
		if role.NeedsStepUp() != can || warned == can {
			t.Errorf("people can sign in: %t; a yes needs it: %t, warned: %t", can, role.NeedsStepUp(), warned)
		}
	}
}
