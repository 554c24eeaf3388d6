//! Several runs of one measurement: the median of each figure, with the least and the greatest.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::heights::slowest_of;
use crate::run::Figures;

/// A report of the runs, at least one.
pub(crate) fn together(runs: &[Figures]) -> anyhow::Result<Map<String, Value>> {
    let mut each = Vec::with_capacity(runs.len());
    for run in runs {
        if let Value::Object(figures) = serde_json::to_value(run)? {
            each.push(figures);
        }
    }
    let mut report = medians(&each);
    report.insert("runs".to_owned(), runs.len().into());
    report.insert("spread".to_owned(), Value::Object(spread(&each)));
    let rejected = summed(runs.iter().map(|run| &run.rejected));
    let refused = summed(runs.iter().map(|run| &run.refused));
    let slowest = slowest_of(runs.iter().map(|run| run.slowest.clone()));
    report.insert("rejected".to_owned(), serde_json::to_value(rejected)?);
    report.insert("refused".to_owned(), serde_json::to_value(refused)?);
    report.insert("slowest_heights".to_owned(), serde_json::to_value(slowest)?);
    Ok(report)
}

fn summed<'a>(runs: impl Iterator<Item = &'a BTreeMap<u16, u64>>) -> BTreeMap<u16, u64> {
    let mut sums = BTreeMap::new();
    for (code, count) in runs.flatten() {
        *sums.entry(*code).or_default() += count;
    }
    sums
}

/// The median of each figure; nothing where a run does not have it.
fn medians(runs: &[Map<String, Value>]) -> Map<String, Value> {
    let names = runs.first().into_iter().flat_map(Map::keys);
    let of = |name: &String| -> Vec<&Value> {
        runs.iter().map(|run| run.get(name).unwrap_or(&Value::Null)).collect()
    };
    names.map(|name| (name.clone(), median(&of(name)))).collect()
}

/// The least and the greatest of each figure that every run has.
fn spread(runs: &[Map<String, Value>]) -> Map<String, Value> {
    let names = runs.first().into_iter().flat_map(Map::keys);
    let ends = |name: &String| {
        let values: Vec<&Value> = runs.iter().filter_map(|run| run.get(name)).collect();
        let sorted = sorted(&values)?;
        let (least, greatest) = (*sorted.first()?, *sorted.last()?);
        Some((name.clone(), Value::from(vec![least.clone(), greatest.clone()])))
    };
    names.filter_map(ends).collect()
}

/// In order, where all are numbers.
fn sorted<'a>(values: &[&'a Value]) -> Option<Vec<&'a Value>> {
    let mut numbers = values
        .iter()
        .map(|value| Some((value.as_f64()?, *value)))
        .collect::<Option<Vec<(f64, &Value)>>>()?;
    numbers.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    Some(numbers.into_iter().map(|(_, value)| value).collect())
}

/// The median of numbers, or of lists place by place; nothing where one of them is neither.
fn median(values: &[&Value]) -> Value {
    let lists: Option<Vec<&Vec<Value>>> = values.iter().map(|value| value.as_array()).collect();
    if let Some(lists) = lists {
        let length = lists.iter().map(|list| list.len()).min().unwrap_or(0);
        let at = |place: usize| lists.iter().map(|list| &list[place]).collect::<Vec<_>>();
        return (0..length).map(|place| median(&at(place))).collect();
    }
    let Some(sorted) = sorted(values) else { return Value::Null };
    let (low, high) =
        (sorted.get(sorted.len().saturating_sub(1) / 2), sorted.get(sorted.len() / 2));
    match (low, high) {
        (Some(low), Some(high)) if low == high => (*low).clone(),
        (Some(low), Some(high)) => {
            let mean = low.as_f64().zip(high.as_f64()).map(|(low, high)| f64::midpoint(low, high));
            mean.map_or(Value::Null, |mean| Value::from((mean * 1_000.0).round() / 1_000.0))
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn median_of(values: &Value) -> Value {
        median(&values.as_array().expect("a list").iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_median_is_the_middle_one_or_the_mean_of_the_two() {
        let cases = [
            (json!([7]), json!(7)),
            (json!([9, 1, 5]), json!(5)),
            (json!([9.5, 1.0, 5.5]), json!(5.5)),
            (json!([1, 4]), json!(2.5)),
            (json!([4, 4]), json!(4)),
            (json!([8.0, 1.0, 2.0, 4.0]), json!(3.0)),
            (json!([1, null, 3]), Value::Null),
            (json!([[1, 9], [2, 7], [3, 8]]), json!([2, 8])),
            (json!([[1, null], [2, 7]]), json!([1.5, null])),
        ];
        for (values, expected) in cases {
            assert_eq!(median_of(&values), expected, "{values}");
        }
    }

    #[test]
    fn each_figure_has_its_median_and_its_ends() {
        let run = |speed: f64, peer: Option<f64>| {
            let run = json!({ "speed": speed, "peer": peer });
            run.as_object().expect("an object").clone()
        };
        let runs = [run(3.0, Some(1.0)), run(1.0, None), run(2.0, Some(4.0))];
        assert_eq!(Value::Object(medians(&runs)), json!({ "speed": 2.0, "peer": null }));
        assert_eq!(Value::Object(spread(&runs)), json!({ "speed": [1.0, 3.0] }));
    }

    #[test]
    fn codes_are_counted_over_all_runs() {
        let runs = [BTreeMap::from([(1, 2), (3, 4)]), BTreeMap::from([(3, 1)])];
        assert_eq!(summed(runs.iter()), BTreeMap::from([(1, 2), (3, 5)]));
    }
}
