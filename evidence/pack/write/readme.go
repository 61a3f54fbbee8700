package write

import (
	_ "embed"
	"io"
	"text/template"

	"latchkey/evidence/pack"
)

//go:embed readme.tmpl
var readmeText string

// readme writes what each file is, and how to check them with and without Latchkey.
func (p *press) readme(w io.Writer) error {
	t, err := template.New("readme").Funcs(template.FuncMap{"when": pack.When, "clean": pack.Clean}).Parse(readmeText)
	if err != nil {
		return err
	}
	return t.Execute(w, struct {
		pack.Campaign
		Files     []planned
		HasEvents bool
	}{p.r.Campaign, p.plan()[1:], p.r.Campaign.Events != nil})
}

//go:embed campaign.schema.json
var schemaText string

// schema writes what each field of campaign.json means.
func (p *press) schema(w io.Writer) error {
	_, err := io.WriteString(w, schemaText)
	return err
}
