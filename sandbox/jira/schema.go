package jira

import "latchkey/sandbox/jira/world"

// schema is how the API describes the type of a field.
func schema(f *world.Field) obj {
	s := obj{"type": f.Type}
	if f.Items != "" {
		s["items"] = f.Items
	}
	if f.Custom == "" {
		s["system"] = f.ID
		return s
	}
	s["custom"] = f.Custom
	s["customId"] = world.CustomNumber(f.ID)
	return s
}
