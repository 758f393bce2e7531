// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static io.beamwright.transforms.reading.ReadingCase.csv;
import static io.beamwright.transforms.reading.ReadingCase.json;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The rules of reading as cases; docs/reading.md says them in words. */
final class ReadingCases {

  private ReadingCases() {}

  static List<ReadingCase> all() {
    List<ReadingCase> all = new ArrayList<>();
    all.addAll(given());
    all.addAll(shapes());
    all.addAll(quotes());
    all.addAll(nulls());
    all.addAll(numbers());
    all.addAll(times());
    all.addAll(declared());
    all.addAll(bytes());
    all.addAll(objects());
    return all;
  }

  private static byte[] resource(String path) {
    try (InputStream in = ReadingCases.class.getResourceAsStream("cases/" + path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Inputs that once gave a wrong answer. */
  private static List<ReadingCase> given() {
    return List.of(
        ReadingCase.of("widen")
            .file("2023.csv", resource("widen/2023.csv"))
            .file("2024.csv", resource("widen/2024.csv"))
            .has("item:text price:float64", "a|10.0", "b|20.0", "c|10.75", "d|3.5"),
        ReadingCase.of("extra")
            .file("a.csv", resource("extra/a.csv"))
            .file("b.csv", resource("extra/b.csv"))
            .isRefused("b.csv: it has the column \"c\", which "),
        ReadingCase.of("extra, the other way round")
            .file("a.csv", resource("extra/b.csv"))
            .file("b.csv", resource("extra/a.csv"))
            .isRefused("b.csv: it has no column \"c\", which "),
        ReadingCase.of("ragged")
            .file("d.csv", resource("ragged/d.csv"))
            .isRefused(
                "d.csv: line 3: the row has 3 cells for 2 columns; the first too many is \"4\","
                    + " column 3."),
        ReadingCase.of("bigids")
            .file("ids.csv", resource("bigids/ids.csv"))
            .has(
                "id:text n:int64",
                "9007199254740993|1",
                "12345678901234567890|2",
                "12345678901234567891|3"),
        ReadingCase.of("quotedcr")
            .file("s.csv", resource("quotedcr/s.csv"))
            .has("s:text", "a", "c\rd", "e"));
  }

  private static List<ReadingCase> shapes() {
    return List.of(
        csv("header without line end", "a,b").has("a:text b:text"),
        csv("empty file", "").isRefused("d.csv: the file is empty: it has not even a header"),
        csv("only line ends", "\n\r\n").isRefused("d.csv: the file is empty"),
        csv("mixed line ends", "a,b\r\n1,2\n3,4\r5,6").has("a:int64 b:int64", "1|2", "3|4", "5|6"),
        csv("LF then CR", "a,b\n\r1,2\n\r").has("a:int64 b:int64", "1|2"),
        csv("blank lines in a wide file", "\na,b\n\n1,2\n\n").has("a:int64 b:int64", "1|2"),
        csv("blank line in a file of one column", "a\n1\n\n2\n").has("a:int64", "1", "∅", "2"),
        csv("a title", "Sales 2024\nid,v\n1,2\n")
            .isRefused("d.csv: line 2: the row has 2 cells for 1 columns"),
        csv("a footer", "id,v\n1,2\nTotal: 2\n")
            .isRefused("d.csv: line 3: the row has 1 cells for 2 columns"),
        csv("delimiter at the end", "a,b\n1,2,\n")
            .isRefused("d.csv: line 2: the row has 3 cells for 2 columns"),
        csv("delimiter at the end of the header", "a,b,\n1,2,\n")
            .isRefused("d.csv: line 1: column 3 of the header has no name."),
        csv("a column twice", "a,a\n1,2\n")
            .isRefused("d.csv: line 1: two columns of the header are called \"a\"."),
        csv("other delimiter", "a;b\n1;2\n").has("a;b:text", "1;2"),
        csv("line of blanks", "a,b\n  \n")
            .isRefused("d.csv: line 2: the row has 1 cells for 2 columns"),
        csv("no comments by themselves", "a\n#1\n2\n").has("a:text", "#1", "2"),
        ReadingCase.of("columns in another order")
            .file("1.csv", "a,b\n1,x\n")
            .file("2.csv", "b,a\ny,2\n")
            .has("a:int64 b:text", "1|x", "2|y"),
        ReadingCase.of("a renamed column")
            .file("1.csv", "a,b\n1,x\n")
            .file("2.csv", "a,c\n2,y\n")
            .isRefused("2.csv: it has the column \"c\", which "),
        ReadingCase.of("tabs").file("d.tsv", "a\tb\n1\tx, y\n").has("a:int64 b:text", "1|x, y"),
        csv("a line of many cells", many("c", 5_000) + "\n" + many("", 5_000) + "\n")
            .has(manyTyped(5_000), manyRow(5_000)));
  }

  private static String many(String prefix, int count) {
    StringBuilder text = new StringBuilder(prefix + 0);
    for (int i = 1; i < count; i++) {
      text.append(',').append(prefix).append(i);
    }
    return text.toString();
  }

  private static String manyTyped(int count) {
    return many("c", count).replace(",", ":int64 ") + ":int64";
  }

  private static String manyRow(int count) {
    return many("", count).replace(',', '|');
  }

  private static List<ReadingCase> quotes() {
    return List.of(
        csv("delimiter, quote, line ends in quotes", "a,b\n\"x,\"\"y\"\"\",\"1\r\n2\n3\r4\"\n")
            .has("a:text b:text", "x,\"y\"|1\r\n2\n3\r4"),
        csv("only a CR in quotes", "s\n\"\r\"\n\"x\"\n").has("s:text", "\r", "x"),
        csv("two CR in quotes", "s\n\"a\r\rb\"\n\"x\"\n").has("s:text", "a\r\rb", "x"),
        csv("quote inside a cell", "a,b\n5\" disk,2\n").has("a:text b:int64", "5\" disk|2"),
        csv("text after a closing quote", "a,b\n\"x\"y,2\n")
            .isRefused("d.csv: line 2: cell 1 goes on after its closing quote."),
        csv("blanks before a quote", "a,b\n1, \"x,y\"\n")
            .isRefused("d.csv: line 2: cell 2 has blanks before its quote."),
        csv("blanks after a quote", "a,b\n\"x\" ,y\n")
            .isRefused("d.csv: line 2: cell 1 goes on after its closing quote."),
        csv("unclosed quote", "a,b\n1,x\n2,\"y\n3,z\n")
            .isRefused("d.csv: line 3: a quote opens in this row and is never closed."),
        csv("quoted numbers", "a\n\"1\"\n\"2\"\n").has("a:int64", "1", "2"),
        csv("quoted header", "\"a,1\",\"b\nc\"\n1,2\n").has("a,1:int64 b\nc:int64", "1|2"),
        csv("lines after a quoted line end are counted", "a\n\"x\ny\r\nz\r\"\n1,2\n")
            .isRefused("d.csv: line 6: the row has 2 cells for 1 columns"),
        csv("no quotes", "a,b\n\"x,y\n").format("{'quote': ''}").has("a:text b:text", "\"x|y"));
  }

  private static List<ReadingCase> nulls() {
    return List.of(
        csv("empty cell and empty text", "a,b\n,1\n\"\",2\nx,3\n")
            .has("a:text b:int64", "∅|1", "|2", "x|3"),
        csv("empty text among numbers", "a,b\n\"\",1\n2,2\n").has("a:int64 b:int64", "∅|1", "2|2"),
        csv("only empty cells", "a,b\n,\n,\n").has("a:text b:text", "∅|∅", "∅|∅"),
        csv("empty text in one column", "a\n\"\"\n\nx\n").has("a:text", "", "∅", "x"),
        csv("null is a text", "a\nNULL\nNA\n").has("a:text", "NULL", "NA"),
        csv("declared nulls", "a,b\n-,x\n1,NA\n\"-\",-\n")
            .format("{'null': ['-', 'NA']}")
            .has("a:int64 b:text", "∅|x", "1|∅", "∅|∅"));
  }

  private static List<ReadingCase> numbers() {
    return List.of(
        csv("int64 beside double, exact", "a\n9007199254740992\n0.5\n")
            .has("a:float64", "9.007199254740992E15", "0.5"),
        csv("int64 beside double, not exact", "a\n9007199254740993\n0.5\n")
            .has("a:text", "9007199254740993", "0.5"),
        csv("the same, the other way round", "a\n0.5\n9007199254740993\n")
            .has("a:text", "0.5", "9007199254740993"),
        ReadingCase.of("not exact, in two files")
            .file("1.csv", "a\n9007199254740993\n")
            .file("2.csv", "a\n0.5\n")
            .has("a:text", "9007199254740993", "0.5"),
        csv("not exact, written with a point", "a\n9007199254740993.0\n0.5\n")
            .has("a:text", "9007199254740993.0", "0.5"),
        csv("the ends of int64", "a\n9223372036854775807\n-9223372036854775808\n")
            .has("a:int64", "9223372036854775807", "-9223372036854775808"),
        csv("the end of int64 beside a double", "a\n9223372036854775807\n1.5\n")
            .has("a:text", "9223372036854775807", "1.5"),
        csv("beyond int64", "a\n9223372036854775808\n1\n")
            .has("a:text", "9223372036854775808", "1"),
        csv("negative zero", "a\n-0.0\n0\n1.5\n").has("a:float64", "-0.0", "0.0", "1.5"),
        csv("negative zero as an integer", "a\n-0\n1\n").has("a:float64", "-0.0", "1.0"),
        csv("codes", "a,b,c\n007,+1,1_000\n1,2,3\n")
            .has("a:text b:text c:text", "007|+1|1_000", "1|2|3"),
        csv("too large for a double", "a\n1e400\n1\n").has("a:text", "1e400", "1"),
        csv("too small for a double", "a\n1e-400\n1\n").has("a:text", "1e-400", "1"),
        csv("the least double", "a\n4.9E-324\n1.7976931348623157e308\n")
            .has("a:float64", "4.9E-324", "1.7976931348623157E308"),
        csv(
                "rounded once",
                "a\n0.1\n123456789012.34567\n5e-324\n1.00000000000000011102230246251565\n")
            .has("a:float64", "0.1", "1.2345678901234567E11", "4.9E-324", "1.0"),
        csv("NaN and infinity", "a\nNaN\n-Infinity\n1\n")
            .has("a:float64", "NaN", "-Infinity", "1.0"),
        csv("other words for infinity", "a\ninf\n1\n").has("a:text", "inf", "1"),
        csv("what is no number", "a,b,c,d\n0x10,1.,.5,1e\n")
            .has("a:text b:text c:text d:text", "0x10|1.|.5|1e"),
        csv("blanks around numbers", "a,b\n 1 ,x \n").has("a:int64 b:text", "1|x "),
        csv("booleans", "a,b\ntrue,TRUE\nFalse,0\n")
            .has("a:boolean b:text", "true|TRUE", "false|0"),
        csv("booleans beside numbers", "a\ntrue\n1\n").has("a:text", "true", "1"));
  }

  private static List<ReadingCase> times() {
    return List.of(
        csv("dates", "a\n2021-02-28\n0001-01-01\n9999-12-31\n")
            .has("a:date", "2021-02-28", "0001-01-01", "9999-12-31"),
        csv("no such day", "a\n2021-02-29\n").has("a:text", "2021-02-29"),
        csv("days and months that can be exchanged", "a\n01/02/2021\n").has("a:text", "01/02/2021"),
        csv("the same beside what tells them", "a\n01/02/2021\n31/12/2021\n")
            .has("a:text", "01/02/2021", "31/12/2021"),
        csv("timestamps", "a\n2021-01-01T01:02:03\n2021-01-01 01:02\n2021-01-01T01:02:03.000004\n")
            .has(
                "a:timestamp[us]",
                "2021-01-01T01:02:03",
                "2021-01-01T01:02",
                "2021-01-01T01:02:03.000004"),
        csv("instants", "a\n2021-01-01T01:02:03Z\n2021-01-01T01:02:03+01:30\n")
            .has("a:timestamp[us,UTC]", "2021-01-01T01:02:03Z", "2020-12-31T23:32:03Z"),
        csv("zoned beside zoneless", "a\n2021-01-01T01:02:03Z\n2021-01-01T01:02:03\n")
            .has("a:text", "2021-01-01T01:02:03Z", "2021-01-01T01:02:03"),
        csv("dates beside timestamps", "a\n2021-01-01\n2021-01-01T01:02:03\n")
            .has("a:text", "2021-01-01", "2021-01-01T01:02:03"),
        csv("nanoseconds", "a\n2021-01-01T01:02:03.000000001\n")
            .has("a:text", "2021-01-01T01:02:03.000000001"),
        csv("times of day", "a\n12:30\n").has("a:text", "12:30"),
        csv("far years", "a,b\n+12021-01-01,-0044-03-15\n")
            .has("a:date b:date", "+12021-01-01|-0044-03-15"));
  }

  private static List<ReadingCase> declared() {
    return List.of(
        csv("skipped title", "Sales \"2024\r\n\nid,v\n1,2\n")
            .format("{'skip': 2}")
            .has("id:int64 v:int64", "1|2"),
        csv("declared header", "1,2\n")
            .format("{'header': ['a', 'b']}")
            .has("a:int64 b:int64", "1|2"),
        csv("declared dates", "a\n01/02/2021\n")
            .format(
                "{'columns': [{'name': 'd', 'from': 'a', 'type': 'date', 'format':"
                    + " 'dd/MM/yyyy'}]}")
            .has("d:date", "2021-02-01"),
        csv("declared type that does not fit", "a,b\n1,x\n2.5,y\n")
            .format("{'columns': [{'name': 'a', 'type': 'int64'}]}")
            .isRefused("d.csv: line 3: column \"a\" has \"2.5\", which is no int64."),
        csv("declared column that is not there", "a\n1\n")
            .format("{'columns': [{'name': 'b'}]}")
            .isRefused("d.csv: there is no column \"b\"; the file has a."),
        csv("declared decimals", "a\n12345678901234567890.12\n-1\n")
            .format("{'columns': [{'name': 'a', 'type': 'decimal(22,2)'}]}")
            .has("a:decimal(22,2)", "12345678901234567890.12", "-1.00")
            .notInferable(),
        csv("comments, delimiter and quote", "# x\na|b\n`1|2`|#\n# \"\n")
            .format("{'comment': '#', 'delimiter': '|', 'quote': '`'}")
            .has("a:text b:text", "1|2|#"),
        csv("thousands", "a\n\"1,234\"\n5\n")
            .format("{'thousands': ','}")
            .has("a:int64", "1234", "5"),
        csv("a thousands separator after nothing", "a\n\"0,123\"\n5\n")
            .format("{'thousands': ','}")
            .has("a:text", "0,123", "5"),
        ReadingCase.of("a member of two columns, one of them with a type")
            .file("d.json", "{\"x\": 1}\n{\"x\": 20}\n")
            .format("{'columns': [{'name':'a','from':'x','type':'text'},{'name':'b','from':'x'}]}")
            .has("a:text b:int64", "1|1", "20|20"),
        ReadingCase.of("text of another name")
            .file("d.txt", "a\n1\n")
            .format("{'type': 'csv'}")
            .has("a:int64", "1"));
  }

  private static List<ReadingCase> bytes() {
    byte[] csv = "a,b\n1,é\n".getBytes(StandardCharsets.UTF_8);
    return List.of(
        csv("byte order mark", "\uFEFFa,b\n1,2\n").has("a:int64 b:int64", "1|2"),
        csv("byte order mark in the middle", "a\nx\n\uFEFFy\n").has("a:text", "x", "\uFEFFy"),
        csv("noncharacters", "a\n\uFFFF\uFFFE\uFFFF\n\"\uFFFF\"\n")
            .has("a:text", "\uFFFF\uFFFE\uFFFF", "\uFFFF"),
        csv("characters beyond 16 bits", "a\n\uD83D\uDE00\n").has("a:text", "\uD83D\uDE00"),
        csv("NUL", "a\nx\0y\n").has("a:text", "x\0y"),
        csv("a blank beyond ASCII is a part of a text", "a\n\u20031\n2\n")
            .has("a:text", "\u20031", "2"),
        ReadingCase.of("latin 1")
            .file("d.csv", new byte[] {'a', '\n', 'x', '\n', (byte) 0xe9, '\n'})
            .isRefused("d.csv: line 3: the file is not UTF-8"),
        ReadingCase.of("half of a pair as bytes")
            .file("d.csv", new byte[] {'a', '\n', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '\n'})
            .isRefused("d.csv: line 2: the file is not UTF-8"),
        ReadingCase.of("a character in more bytes than it needs")
            .file("d.csv", new byte[] {'a', '\n', (byte) 0xc0, (byte) 0xaf, '\n'})
            .isRefused("d.csv: line 2: the file is not UTF-8"),
        ReadingCase.of("cut within a character")
            .file("d.csv", new byte[] {'a', '\n', (byte) 0xc3})
            .isRefused("d.csv: line 2: the file is not UTF-8: it ends within a character."),
        ReadingCase.of("UTF-16")
            .file("d.csv", "a\n1\n".getBytes(StandardCharsets.UTF_16))
            .isRefused("d.csv: line 1: the file is not UTF-8: it begins with the mark of UTF-16."),
        ReadingCase.of("UTF-16 without a mark")
            .file("d.csv", "a\n1\n".getBytes(StandardCharsets.UTF_16LE))
            .isRefused("d.csv: line 1: the name of column 1 has the character U+0000"),
        ReadingCase.of("gzip").file("d.csv.gz", gzip(csv)).has("a:int64 b:text", "1|é"),
        ReadingCase.of("zstd").file("d.csv.zst", Zstd.compress(csv)).has("a:int64 b:text", "1|é"),
        ReadingCase.of("gzip, cut short")
            .file("d.csv.gz", Arrays.copyOf(gzip(csv), gzip(csv).length - 9))
            .isRefused("d.csv.gz: the file is packed by gzip and damaged"),
        ReadingCase.of("zstd, cut short")
            .file("d.csv.zst", Arrays.copyOf(Zstd.compress(csv), Zstd.compress(csv).length - 2))
            .isRefused("d.csv.zst: the file is packed by zstd and damaged"),
        csv("a cell of a megabyte", "a,b\n\"" + "x\r\n".repeat(400_000) + "\",1\n")
            .has("a:text b:int64", "x\r\n".repeat(400_000) + "|1"));
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static List<ReadingCase> objects() {
    return List.of(
        json("objects one after the other", "{'a':1,'b':'x'}\n{'b':'y','a':2}")
            .has("a:int64 b:text", "1|x", "2|y"),
        json("an array", "[{'a':true},{'a':null},{}]").has("a:boolean", "true", "∅", "∅"),
        json("members that come late", "{'a':1}{'b':0.5}").has("a:int64 b:float64", "1|∅", "∅|0.5"),
        json("text beside numbers", "{'a':1.50}{'a':'x'}{'a':true}")
            .has("a:text", "1.50", "x", "true"),
        json(
                "dates of JSON",
                "{'a':'2021-01-01','b':'2021-01-01T00:00:00Z','c':'2021-01-01'}"
                    + "{'a':'2021-01-02','b':null,'c':'x'}")
            .has(
                "a:date b:timestamp[us,UTC] c:text",
                "2021-01-01|2021-01-01T00:00:00Z|2021-01-01",
                "2021-01-02|∅|x"),
        json("numbers in strings are texts", "{'a':'1'}{'a':'2'}").has("a:text", "1", "2"),
        json("no number", "{'a':'NaN'}{'a':1}{'a':'-Infinity'}")
            .has("a:float64", "NaN", "1.0", "-Infinity"),
        json("NaN alone is a text", "{'a':'NaN'}").has("a:text", "NaN"),
        json("integers beyond int64", "{'a':12345678901234567890}{'a':1}")
            .has("a:text", "12345678901234567890", "1"),
        json("not exact", "{'a':9007199254740993}{'a':0.5}")
            .has("a:text", "9007199254740993", "0.5"),
        json("negative zero of JSON", "{'a':-0.0}{'a':1}").has("a:float64", "-0.0", "1.0"),
        json("NUL in a name", "{'a\\u0000b':1}")
            .isRefused("d.json: line 1: the name of a member holds the character NUL."),
        json("nested", "{'a':{'x': [1, 2.50, '\\u00e9'], 'y' : {}}}{'a':[]}")
            .has("a:text", "{\"x\":[1,2.50,\"é\"],\"y\":{}}", "[]"),
        json("a name twice", "{'a':1,'a':2}")
            .isRefused("d.json: line 1: an object has the member \"a\" twice."),
        json("a name twice within", "{'a':{'b':1,'b':2}}")
            .isRefused("d.json: line 1: an object has the member \"b\" twice."),
        json("half of a pair", "{'a':'\\ud800'}")
            .isRefused("d.json: line 1: a string has half of a surrogate pair."),
        json("no objects", "[1, 2]").isRefused("d.json: line 1: there is a number where an object"),
        json("cut short", "{'a':1}\n{'a':").isRefused("d.json: line 2: it is not JSON: "),
        json("something after the array", "[{'a':1}]\n{'a':2}")
            .isRefused("d.json: line 2: something follows the array."),
        json("empty", "").isRefused("d.json: there is no object with a member"),
        json("only null", "{'a':null}").has("a:text", "∅"),
        json("empty text and null", "{'a':''}{'a':null}{'a':'x'}").has("a:text", "", "∅", "x"),
        json("a byte order mark", "\uFEFF{'a':1}").has("a:int64", "1"),
        ReadingCase.of("types of all files")
            .file("1.json", "{\"a\":1}")
            .file("2.json", "{\"a\":2.5}")
            .has("a:float64", "1.0", "2.5"),
        ReadingCase.of("packed lines")
            .file("d.jsonl.gz", gzip("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8)))
            .has("a:int64", "1"),
        json("declared", "{'A':'12','b':[1]}{'b':2}{'A':'-'}")
            .format("{'null': '-', 'columns': [{'name': 'a', 'from': 'A', 'type': 'int32'}]}")
            .has("a:int32", "12", "∅", "∅")
            .notInferable(),
        json("declared type of JSON that does not fit", "{'a':1}\n{'a':true}")
            .format("{'columns': [{'name': 'a', 'type': 'int64'}]}")
            .isRefused("d.json: line 2: column \"a\" has \"true\", which is no int64."),
        json("what is said of CSV", "{'a':1}")
            .format("{'delimiter': ';'}")
            .isRefused("d.json is JSON, of which \"delimiter\" in its format says nothing."));
  }
}
