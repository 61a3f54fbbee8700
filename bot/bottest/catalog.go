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

// ManyApps is a catalogue of n apps with r roles each, all named by name.
func ManyApps(n, r int, name string) *catalog.Catalog {
	var apps []catalog.App
	for i := range n {
		a := catalog.App{ID: fmt.Sprintf("app-%05d-%s", i, strings.Repeat("x", 40)), Name: fmt.Sprintf("%s %d", name, i), Description: name,
			Category: fmt.Sprintf("%s %d", name, i%150), Status: catalog.Approved, Provisioning: catalog.ByDirectory}
		for j := range r {
			a.Roles = append(a.Roles, catalog.Role{ID: fmt.Sprintf("role-%03d-%s", j, strings.Repeat("y", 40)), Name: name, Description: name, Route: "both", Risk: catalog.High,
				Groups:    make([]catalog.GroupRef, 100),
				Durations: catalog.Durations{Choices: many(120), Default: time.Hour}})
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
