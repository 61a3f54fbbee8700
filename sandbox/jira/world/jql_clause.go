package world

import "strings"

// clause reads "field operator value".
func (p *parser) clause() (expr, error) {
	f, err := p.fieldName()
	if err != nil {
		return nil, err
	}
	c := clause{field: f}
	if c.op, err = p.operator(); err != nil {
		return nil, err
	}
	if c.op == "in" || c.op == "not in" {
		c.values, err = p.list()
	} else {
		var v operand
		v, err = p.operand()
		c.values = []operand{v}
	}
	if err != nil {
		return nil, err
	}
	return p.bind(c)
}

// fieldName reads a field, quoted or not, and the forms cf[123] and
// issue.property[key].
func (p *parser) fieldName() (string, error) {
	t := p.peek()
	if t.kind != tokWord && t.kind != tokString || t.kind == tokWord && reserved(t.text) {
		return "", p.unexpected("a field name")
	}
	p.take()
	if !p.takeSymbol("[") {
		return strings.ToLower(t.text), nil
	}
	arg := p.take()
	if arg.kind != tokWord && arg.kind != tokString || !p.takeSymbol("]") {
		return "", p.unexpected("']'")
	}
	name := strings.ToLower(t.text) + "[" + arg.text + "]"
	if next := p.peek(); next.kind == tokWord && strings.HasPrefix(next.text, ".") {
		p.take()
		name += next.text
	}
	return name, nil
}

func reserved(word string) bool {
	switch strings.ToLower(word) {
	case "and", "or", "not", "in", "is", "order", "by", "empty", "null", "was", "changed":
		return true
	}
	return false
}

func (p *parser) operator() (string, error) {
	t := p.peek()
	switch {
	case t.kind == tokSymbol && t.text != "(" && t.text != ")" && t.text != "," && t.text != "!" && t.text != "[" && t.text != "]":
		p.take()
		return t.text, nil
	case p.takeWord("in"):
		return "in", nil
	case p.takeWord("not"):
		if p.takeWord("in") {
			return "not in", nil
		}
	case p.takeWord("is"):
		if p.takeWord("not") {
			return "is not", nil
		}
		return "is", nil
	}
	return "", p.unexpected("an operator: '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'IS' or 'NOT IN'")
}

func (p *parser) list() ([]operand, error) {
	if !p.takeSymbol("(") {
		v, err := p.operand()
		if err == nil && !v.call {
			err = p.unexpected("'('")
		}
		return []operand{v}, err
	}
	var out []operand
	for {
		v, err := p.operand()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if p.takeSymbol(")") {
			return out, nil
		}
		if !p.takeSymbol(",") {
			return nil, p.unexpected("')' or ','")
		}
	}
}

func (p *parser) operand() (operand, error) {
	t := p.peek()
	if t.kind != tokWord && t.kind != tokString {
		return operand{}, p.unexpected("a value, a list or a function")
	}
	p.take()
	o := operand{text: t.text, quoted: t.kind == tokString}
	if o.quoted || !p.takeSymbol("(") {
		return o, nil
	}
	o.call = true
	for !p.takeSymbol(")") {
		arg := p.take()
		if arg.kind != tokWord && arg.kind != tokString {
			return o, p.unexpected("')'")
		}
		o.args = append(o.args, arg.text)
		if !p.takeSymbol(",") && !p.peek().symbol(")") {
			return o, p.unexpected("')'")
		}
	}
	return o, nil
}
