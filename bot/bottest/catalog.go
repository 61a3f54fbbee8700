package bottest

import (
	"fmt"
	"strings"
	"time"

	"latchkey/catalog"
)

// Starter is a bundle of Figma and Vault.
func Starter() catalog.Bundle {
	return catalog.Bundle{ID: "starter", Name: "Starter", Description: "For the first day", Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}, {App: "vault", Role: "admin"}}}
}

// ManyApps is a catalogue of n apps with r roles each, all named by name. The roles of the first open many groups, and can be
// had for many times.
func ManyApps(n, r int, name string) *catalog.Catalog {
	var apps []catalog.App
	for i := range n {
		a := catalog.App{ID: fmt.Sprintf("app-%05d-%s", i, strings.Repeat("x", 40)), Name: fmt.Sprintf("%s %d", name, i), Description: name,
			Category: fmt.Sprintf("%s %d", name, i%150), Status: catalog.Approved, Provisioning: catalog.ByDirectory}
		for j := range r {
			role := catalog.Role{ID: fmt.Sprintf("role-%03d-%s", j, strings.Repeat("y", 40)), Name: name, Description: name, Route: "both", Risk: catalog.High,
				Groups: make([]catalog.GroupRef, 1), Durations: catalog.Durations{Choices: many(1), Default: time.Hour}}
			if i == 0 {
				role.Groups, role.Durations.Choices = make([]catalog.GroupRef, 100), many(120)
			}
			a.Roles = append(a.Roles, role)
		}
		apps = append(apps, a)
	}
	return catalog.New(apps, ApprovalRoutes())
}

func many(n int) []time.Duration {
	var out []time.Duration
	for i := range n {
		out = append(out, time.Duration(i+1)*time.Hour)
	}
	return out
}
