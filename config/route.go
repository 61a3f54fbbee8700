package config

import (
	"latchkey/catalog"
	"latchkey/config/value"
)

func (d *catalogueReader) route(name string, v value.Node) catalog.Route {
	route := catalog.Route{Name: name}
	stages := v
	if v.IsMapping() { // {stages, channel} and the stages alone have the same paths
		o := v.Object("stages", "channel", "distinct")
		stages, route.Channel = o.Get("stages").At(v.Path()), channel(o.Get("channel"))
		route.Distinct = o.Get("distinct").Bool()
	}
	for _, item := range stages.List() {
		route.Stages = append(route.Stages, d.stage(item))
	}
	return route
}

// stage is one approver, a list of approvers of whom any may answer, or
// {approvers, need, backups, if}, with need: any, all, or how many people.
func (d *catalogueReader) stage(v value.Node) catalog.Stage {
	switch {
	case v.IsSingle():
		return catalog.Stage{Approvers: d.approvers(v)}
	case v.IsList(): // a short way to write {approvers: […]}: the same paths
		return catalog.Stage{Approvers: d.approvers(v.At(v.Path() + ".approvers"))}
	}
	o := v.Object("approvers", "need", "backups", "if")
	stage := catalog.Stage{Need: need(o.Get("need"))}
	if approvers := o.Get("approvers"); approvers.Present() {
		stage.Approvers = d.approvers(approvers)
	}
	if backups := o.Get("backups"); backups.Present() {
		stage.Backups = d.approvers(backups)
	}
	if condition := o.Get("if"); condition.Present() {
		stage.If, stage.Line = d.condition(condition), condition.Line()
		if stage.If.Always() && !condition.Faulty() {
			condition.Fault("%s says nothing, so the stage would always be asked: write what, who, wanted or when, or leave it out", condition.Path())
		}
	}
	return stage
}

func need(v value.Node) (n catalog.Need) {
	if !v.Present() {
		return n
	}
	text, ok := v.Plain()
	if !ok {
		return n
	}
	n, err := catalog.ParseNeed(text)
	if err != nil {
		v.Fault("%v", err)
	}
	return n
}

func (d *catalogueReader) approvers(v value.Node) []catalog.Approver {
	items := []value.Node{v}
	if v.IsList() {
		items = v.List()
	}
	out := make([]catalog.Approver, len(items)) // a faulty one keeps its place, so that paths agree
	for i, item := range items {
		text, ok := item.Text()
		if !ok {
			continue
		}
		var err error
		if out[i], err = catalog.ParseApprover(text); err != nil {
			item.Fault("%v%s", err, approverHint(text))
		}
	}
	return out
}

func approverHint(text string) string {
	var words []string
	for _, word := range catalog.ApproverWords() {
		words = append(words, string(word))
	}
	near := catalog.Nearest(text, words)
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
}
