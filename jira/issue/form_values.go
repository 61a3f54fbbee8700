package issue

import (
	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
	"latchkey/jira/site"
	"latchkey/jira/wording"
)

// FormValues fills in the form for a case.
func FormValues(f site.Form, c access.Case, description adf.Document) (values map[string]any, lacking []site.Lack) {
	return f.Fill(wording.Summary(c), description, map[string]string{
		site.FieldApp: wording.AppName(c), site.FieldRole: wording.RoleName(c), site.FieldDuration: catalog.FormatDuration(c.Request.Wanted),
		site.FieldReason: c.Request.Reason,
	})
}
