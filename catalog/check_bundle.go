package catalog

import (
	"fmt"
	"slices"
	"strings"
)

func (k *checker) bundles() {
	seen := unique{found: &k.findings, of: "bundle"}
	for i, b := range k.catalog.bundles {
		path := fmt.Sprintf("bundles[%d]", i)
		seen.see(path, b.ID, b.Name)
		k.bundle(path, b)
	}
}

// bundle reports what can never be asked for together.
func (k *checker) bundle(path string, b Bundle) {
	k.id(path+".id", b.ID)
	if strings.TrimSpace(b.Name) == "" {
		k.add(path+".name", "the bundle %q has no name: add name", b.ID)
	}
	if len(b.Roles) == 0 {
		k.add(path+".roles", "the bundle %q holds nothing: list roles, for example [figma/editor]", b.ID)
	}
	if len(b.Roles) > MaxBundle {
		k.add(path+".roles", "the bundle %q holds %d roles: split it, %d is the most", b.ID, len(b.Roles), MaxBundle)
	}
	for i, ref := range b.Roles {
		at := fmt.Sprintf("%s.roles[%d]", path, i)
		app, role, ok := k.known(at, ref)
		switch {
		case !ok:
		case !app.Offered():
			k.add(at, "%q isn't offered, so the bundle could never be asked for: remove it, or set the app's status to approved", ref)
		case slices.Contains(b.Roles[:i], ref):
			k.add(at, "%q is in the bundle twice: keep one", ref)
		}
		for _, need := range role.Needs {
			if needed, is := need.Ref(); is && slices.Contains(b.Roles, needed) {
				k.add(at, "%q can only be asked for by people who have %q, so the two can't be in one bundle: remove one", ref, need)
			}
		}
	}
}

// known finds a role that is named elsewhere in the catalogue.
func (k *checker) known(path string, ref RoleRef) (App, Role, bool) {
	if ref == (RoleRef{}) {
		return App{}, Role{}, false // said already by whoever read it
	}
	app, role, ok := k.catalog.Role(ref.App, ref.Role)
	if !ok && k.twice { // which app is meant is open until every id is one app's
		return app, role, false
	}
	if !ok {
		k.add(path, "there is no role %q: %s", ref, instead(k.catalog, ref))
	}
	return app, role, ok
}

// instead says what was most likely meant by a role that there isn't.
func instead(c *Catalog, ref RoleRef) string {
	var all, ofApp []string
	for _, a := range c.apps {
		for _, r := range a.Roles {
			one := RoleRef{a.ID, r.ID}.String()
			if all = append(all, one); a.ID == ref.App {
				ofApp = append(ofApp, one)
			}
		}
	}
	if near := Nearest(ref.String(), all); near != "" && near != ref.String() {
		return fmt.Sprintf("did you mean %q?", near) + imitations(ref.String(), near)
	}
	if len(ofApp) > 0 {
		return "define it under apps; the app has " + strings.Join(ofApp, ", ")
	}
	return "define it under apps"
}
