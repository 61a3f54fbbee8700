package catalog_test

import (
	"testing"

	"latchkey/catalog"
)

func TestGroupReferences(t *testing.T) {
	for text, want := range map[string]catalog.GroupRef{
		"okta:figma-editors":          {Directory: "okta", Group: "figma-editors"},
		" okta : figma editors ":      {Directory: "okta", Group: "figma editors"},
		"okta:a:b":                    {Directory: "okta", Group: "a:b"},
		"okta:00g1emaKYZTWRYYRRTSK":   {Directory: "okta", Group: "00g1emaKYZTWRYYRRTSK"},
		"okta:id:00g1emaKYZTWRYYRRTS": {Directory: "okta", Group: "00g1emaKYZTWRYYRRTS", ByID: true},
		"google:id: 03a:b":            {Directory: "google", Group: "03a:b", ByID: true},
	} {
		got, err := catalog.ParseGroupRef(text)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", text, got, err, want)
		}
		if again, err := catalog.ParseGroupRef(got.String()); err != nil || again != got {
			t.Errorf("%q is read back as %+v, %v", got, again, err)
		}
	}
	for _, text := range []string{"", "okta", "okta:", ":figma", "okta:id:", "okta:id: "} {
		if got, err := catalog.ParseGroupRef(text); err == nil {
			t.Errorf("%q: %+v, want a fault", text, got)
		}
	}
}

func TestAReferenceMeansOneGroup(t *testing.T) {
	name, id := catalog.GroupRef{Directory: "okta", Group: "admins"}, catalog.GroupRef{Directory: "okta", Group: "00g1", ByID: true}
	for _, c := range []struct {
		ref                 catalog.GroupRef
		directory, id, name string
		means               bool
	}{
		{name, "okta", "00g1", "admins", true}, {id, "okta", "00g1", "admins", true}, {id, "okta", "00g1", "renamed", true},
		{name, "okta", "00g1", "renamed", false}, {id, "okta", "00g2", "admins", false}, {name, "entra", "00g1", "admins", false},
		{name, "okta", "admins", "other", false}, {id, "okta", "00g2", "00g1", false}, {id, "entra", "00g1", "admins", false},
	} {
		if got := c.ref.Means(c.directory, c.id, c.name); got != c.means {
			t.Errorf("%s means %s %s (%s): %v", c.ref, c.directory, c.id, c.name, got)
		}
	}
}
