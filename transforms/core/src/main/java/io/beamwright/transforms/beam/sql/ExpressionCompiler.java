// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.ColumnType;
import io.beamwright.versioning.fault.UserFault;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.avatica.util.ByteString;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexCall;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexInputRef;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexLiteral;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexNode;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rex.RexOver;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.SqlKind;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeName;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.util.DateString;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/**
 * Turns the expressions of a plan into what computes them. It knows what is shown to be right by
 * the step's tests against DuckDB; every other function, and every other combination of types, is
 * refused by its name.
 */
final class ExpressionCompiler {

  private static final String CAST_TO_DOUBLE = "Cast the operands to DOUBLE.";

  private final String step;

  /** {@code step}: what messages call the step. */
  ExpressionCompiler(String step) {
    this.step = step;
  }

  /** The expression, its values converted to another type. */
  Expression compile(RexNode node, RelDataType as) {
    return converted(compile(node), node.getType(), as, node);
  }

  /** The expression, its values typed as the column of its type. */
  Expression compile(RexNode node) {
    if (node.getType().getSqlTypeName() == SqlTypeName.NULL) {
      return Expression.constant(null);
    }
    type(node);
    if (node instanceof RexInputRef column) {
      return Expression.column(column.getIndex());
    }
    if (node instanceof RexLiteral literal) {
      return literal(literal);
    }
    if (node instanceof RexOver) {
      throw Refusal.of(step, "a window (OVER)");
    }
    if (node instanceof RexCall call) {
      return call(call);
    }
    throw Refusal.of(step, SqlNames.shown(node));
  }

  private ColumnType type(RexNode node) {
    return ExactTypes.columnType(node.getType())
        .orElseThrow(
            () ->
                Refusal.of(
                    step,
                    SqlNames.shown(node) + ", whose type is " + node.getType().getSqlTypeName()));
  }

  private Expression literal(RexLiteral literal) {
    if (literal.isNull()) {
      return Expression.constant(null);
    }
    try {
      return switch (type(literal).kind()) {
        case BOOLEAN -> Expression.constant(value(literal, Boolean.class));
        case INT32 -> Expression.constant(value(literal, BigDecimal.class).intValueExact());
        case INT64 -> Expression.constant(value(literal, BigDecimal.class).longValueExact());
        case DECIMAL -> {
          BigDecimal decimal = value(literal, BigDecimal.class);
          int scale = Math.max(0, literal.getType().getScale());
          yield Expression.constant(decimal.setScale(scale, RoundingMode.UNNECESSARY));
        }
        case FLOAT32 -> Expression.constant(value(literal, Double.class).floatValue());
        case FLOAT64 -> Expression.constant(value(literal, Double.class));
        case TEXT -> Expression.constant(wellFormed(value(literal, String.class)));
        case BINARY -> Expression.constant(value(literal, ByteString.class).getBytes());
        case DATE ->
            Expression.constant(LocalDate.parse(value(literal, DateString.class).toString()));
        case TIMESTAMP -> {
          String text = value(literal, TimestampString.class).toString();
          LocalDateTime time = LocalDateTime.parse(text.replace(' ', 'T'));
          yield literal.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
              ? Expression.constant(time)
              : Expression.constant(time.toInstant(ZoneOffset.UTC));
        }
      };
    } catch (ArithmeticException | DateTimeException e) {
      throw Refusal.of(step, "the value " + literal);
    }
  }

  private String wellFormed(String text) {
    if (!Texts.isWellFormed(text)) {
      throw Refusal.of(step, "a text with half of a surrogate pair", "Write the whole character.");
    }
    return text;
  }

  private static <T> T value(RexLiteral literal, Class<T> type) {
    return Objects.requireNonNull(literal.getValueAs(type));
  }

  private Expression call(RexCall call) {
    return switch (call.getKind()) {
      case AND -> new Logic.All(operands(call));
      case OR -> new Logic.Any(operands(call));
      case NOT -> Expression.strict(operand(call, 0), value -> !(Boolean) value);
      case IS_NULL -> isNull(operand(call, 0), true);
      case IS_NOT_NULL -> isNull(operand(call, 0), false);
      case IS_TRUE -> is(operand(call, 0), true, true);
      case IS_FALSE -> is(operand(call, 0), false, true);
      case IS_NOT_TRUE -> is(operand(call, 0), true, false);
      case IS_NOT_FALSE -> is(operand(call, 0), false, false);
      case EQUALS -> compared(call, order -> order == 0);
      case NOT_EQUALS -> compared(call, order -> order != 0);
      case LESS_THAN -> compared(call, order -> order < 0);
      case LESS_THAN_OR_EQUAL -> compared(call, order -> order <= 0);
      case GREATER_THAN -> compared(call, order -> order > 0);
      case GREATER_THAN_OR_EQUAL -> compared(call, order -> order >= 0);
      case IS_DISTINCT_FROM -> distinct(call, true);
      case IS_NOT_DISTINCT_FROM -> distinct(call, false);
      case PLUS -> arithmetic(call, "+");
      case MINUS -> arithmetic(call, "-");
      case TIMES -> arithmetic(call, "*");
      case DIVIDE -> divided(call);
      case MOD -> arithmetic(call, "%");
      case MINUS_PREFIX -> numeric(call, arithmetic("-", call)::negated);
      case PLUS_PREFIX -> compile(call.getOperands().get(0), call.getType());
      case CASE -> caseWhen(call);
      case COALESCE -> coalesce(call);
      case CAST -> cast(call);
      case LIKE -> like(call);
      case EXTRACT -> extract(call);
      case TRIM -> trim(call);
      case FLOOR -> whole(call, RoundingMode.FLOOR);
      case CEIL -> whole(call, RoundingMode.CEILING);
      default -> function(call);
    };
  }

  private Expression function(RexCall call) {
    int bits = bits(call);
    return switch (call.getOperator().getName()) {
      case "||" -> texts(call, (left, right) -> (String) left + right);
      case "UPPER" -> text(call, Texts::upper);
      case "LOWER" -> text(call, Texts::lower);
      case "CHAR_LENGTH", "CHARACTER_LENGTH" -> text(call, text -> boxed(Texts.length(text), bits));
      case "OCTET_LENGTH" -> octets(call);
      case "POSITION" -> texts(call, (a, b) -> boxed(Texts.position((String) a, (String) b), bits));
      case "REPLACE" -> replace(call);
      case "SUBSTRING" -> substring(call);
      case "ABS" -> numeric(call, arithmetic("ABS", call)::absolute);
      default -> throw unknown(call);
    };
  }

  private UserFault unknown(RexCall call) {
    if (!call.getOperator().isDeterministic() || call.getOperator().isDynamicFunction()) {
      return new UserFault(
          "Step %s: %s gives another value each run.".formatted(step, call.getOperator().getName()),
          "Put the value into the query or into a table.");
    }
    return refused(call);
  }

  private UserFault refused(RexCall call) {
    return Refusal.of(step, SqlNames.shown(call) + SqlNames.types(call));
  }

  private Expression operand(RexCall call, int index) {
    return compile(call.getOperands().get(index));
  }

  private List<Expression> operands(RexCall call) {
    List<Expression> operands = new ArrayList<>();
    call.getOperands().forEach(operand -> operands.add(compile(operand)));
    return operands;
  }

  private static Expression isNull(Expression value, boolean wanted) {
    return (batch, row) -> (value.of(batch, row) == null) == wanted;
  }

  private static Expression is(Expression value, boolean truth, boolean wanted) {
    return (batch, row) -> Boolean.valueOf(truth).equals(value.of(batch, row)) == wanted;
  }

  private interface Holds extends Serializable {
    boolean forOrder(int order);
  }

  private Expression compared(RexCall call, Holds holds) {
    Comparison comparison = comparison(call);
    return Expression.strict(
        compile(side(call, 0)),
        compile(side(call, 1)),
        (left, right) -> holds.forOrder(comparison.of(left, right)));
  }

  private Expression distinct(RexCall call, boolean wanted) {
    Comparison comparison = comparison(call);
    Expression left = compile(side(call, 0));
    Expression right = compile(side(call, 1));
    return (batch, row) -> {
      Object first = left.of(batch, row);
      Object second = right.of(batch, row);
      boolean same =
          first == null || second == null ? first == second : comparison.of(first, second) == 0;
      return same != wanted;
    };
  }

  private Comparison comparison(RexCall call) {
    RelDataType left = side(call, 0).getType();
    RelDataType right = side(call, 1).getType();
    Comparison comparison = comparison(left, right);
    if (comparison == null) {
      throw refused(call);
    }
    return comparison;
  }

  private static RexNode side(RexCall comparison, int index) {
    return uncast(comparison.getOperands().get(index));
  }

  /**
   * A side of a comparison without the casts that lose no digit and can only fail for want of room:
   * Calcite makes both sides one type first, and exact numbers are compared whatever their types.
   */
  static RexNode uncast(RexNode side) {
    RexNode node = side;
    while (node instanceof RexCall call
        && call.getKind() == SqlKind.CAST
        && isDecimalOfAllDigits(call.getType())
        && isExact(call.getOperands().get(0).getType())
        && call.getOperands().get(0).getType().getScale() <= call.getType().getScale()) {
      node = call.getOperands().get(0);
    }
    return node;
  }

  private static boolean isDecimalOfAllDigits(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL
        && type.getPrecision() == ColumnType.Decimal.MAX_PRECISION;
  }

  private static boolean isExact(RelDataType type) {
    return ExactTypes.isInteger(type) || type.getSqlTypeName() == SqlTypeName.DECIMAL;
  }

  /** How values of two types are compared; null if they are not. */
  static @Nullable Comparison comparison(RelDataType left, RelDataType right) {
    if (left.getSqlTypeName() == SqlTypeName.NULL || right.getSqlTypeName() == SqlTypeName.NULL) {
      return Comparison.NATURAL;
    }
    if (isNumber(left) && isNumber(right)) {
      if (isApproximate(left) || isApproximate(right)) {
        return Comparison.DOUBLES;
      }
      return ExactTypes.isInteger(left) && ExactTypes.isInteger(right)
          ? Comparison.INTEGERS
          : Comparison.DECIMALS;
    }
    if (ExactTypes.isText(left) && ExactTypes.isText(right)) {
      return Comparison.TEXTS;
    }
    if (left.getSqlTypeName() != right.getSqlTypeName()) {
      return isTime(left) && isTime(right) ? Comparison.TIMES : null;
    }
    return switch (left.getSqlTypeName()) {
      case BOOLEAN, DATE, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> Comparison.NATURAL;
      case VARBINARY, BINARY -> Comparison.BYTES;
      default -> null;
    };
  }

  private static boolean isTime(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case DATE, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> true;
      default -> false;
    };
  }

  private static boolean isNumber(RelDataType type) {
    return ExactTypes.isInteger(type)
        || type.getSqlTypeName() == SqlTypeName.DECIMAL
        || isApproximate(type);
  }

  private static boolean isApproximate(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.REAL || type.getSqlTypeName() == SqlTypeName.DOUBLE;
  }

  private Expression arithmetic(RexCall call, String sign) {
    Arithmetic operation = arithmetic(sign, call);
    return Expression.strict(operand(call, 0), operand(call, 1), operation::of);
  }

  private Arithmetic arithmetic(String sign, RexCall call) {
    boolean fits = call.getOperands().stream().allMatch(operand -> fits(operand, call.getType()));
    if (!fits || (sign.equals("%") && isApproximate(call.getType()))) {
      throw refused(call);
    }
    return new Arithmetic(sign, type(call), CastRules.bits(call.getType()));
  }

  /** Whether an operand loses nothing in the kind of the result. */
  private static boolean fits(RexNode operand, RelDataType result) {
    RelDataType type = operand.getType();
    if (type.getSqlTypeName() == SqlTypeName.NULL) {
      return isNumber(result);
    }
    if (ExactTypes.isInteger(result)) {
      return ExactTypes.isInteger(type);
    }
    return result.getSqlTypeName() == SqlTypeName.DECIMAL
        ? isNumber(type) && !isApproximate(type)
        : isApproximate(result) && isNumber(type);
  }

  private Expression divided(RexCall call) {
    if (call.getType().getSqlTypeName() == SqlTypeName.DECIMAL) {
      throw Refusal.of(step, "the division of decimals", CAST_TO_DOUBLE);
    }
    return arithmetic(call, "/");
  }

  private Expression numeric(RexCall call, Expression.OfOne function) {
    if (!isNumber(call.getOperands().get(0).getType())) {
      throw refused(call);
    }
    return Expression.strict(compile(call.getOperands().get(0), call.getType()), function);
  }

  private Expression whole(RexCall call, RoundingMode mode) {
    if (call.getOperands().size() != 1) {
      throw refused(call);
    }
    Arithmetic operation = arithmetic(mode.name(), call);
    return Expression.strict(operand(call, 0), value -> operation.whole(value, mode));
  }

  private Expression caseWhen(RexCall call) {
    List<RexNode> operands = call.getOperands();
    List<Expression> branches = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      boolean isCondition = i % 2 == 0 && i < operands.size() - 1;
      branches.add(
          isCondition ? compile(operands.get(i)) : compile(operands.get(i), call.getType()));
    }
    return new Logic.Case(branches);
  }

  private Expression coalesce(RexCall call) {
    List<Expression> values = new ArrayList<>();
    call.getOperands().forEach(operand -> values.add(compile(operand, call.getType())));
    return new Logic.FirstValue(values);
  }

  private Expression cast(RexCall call) {
    RexNode operand = call.getOperands().get(0);
    return converted(compile(operand), operand.getType(), call.getType(), call);
  }

  private Expression converted(Expression value, RelDataType from, RelDataType to, RexNode shown) {
    if (from.getSqlTypeName() == SqlTypeName.NULL || isSame(from, to)) {
      return value;
    }
    Expression.OfOne rule =
        CastRules.rule(from, to)
            .orElseThrow(
                () ->
                    Refusal.of(
                        step,
                        "a cast from %s to %s in %s".formatted(from, to, SqlNames.shown(shown))));
    return Expression.strict(value, rule);
  }

  private static boolean isSame(RelDataType from, RelDataType to) {
    return from.getSqlTypeName() == to.getSqlTypeName()
        && from.getPrecision() == to.getPrecision()
        && from.getScale() == to.getScale();
  }

  private interface OfText extends Serializable {
    Object of(String text);
  }

  private Expression text(RexCall call, OfText function) {
    requireTexts(call);
    return Expression.strict(operand(call, 0), value -> function.of((String) value));
  }

  private Expression texts(RexCall call, Expression.OfTwo function) {
    requireTexts(call);
    if (call.getOperands().size() != 2) {
      throw refused(call);
    }
    return Expression.strict(operand(call, 0), operand(call, 1), function);
  }

  private void requireTexts(RexCall call) {
    for (RexNode operand : call.getOperands()) {
      if (!ExactTypes.isText(operand.getType())
          && operand.getType().getSqlTypeName() != SqlTypeName.NULL) {
        throw refused(call);
      }
    }
  }

  private Expression octets(RexCall call) {
    int bits = bits(call);
    ColumnType.Kind kind = type(call.getOperands().get(0)).kind();
    if (kind != ColumnType.Kind.TEXT && kind != ColumnType.Kind.BINARY) {
      throw refused(call);
    }
    return Expression.strict(operand(call, 0), value -> boxed(Texts.bytes(value), bits));
  }

  private Expression replace(RexCall call) {
    requireTexts(call);
    List<Expression> operands = operands(call);
    return new Logic.Replace(operands.get(0), operands.get(1), operands.get(2));
  }

  private Expression substring(RexCall call) {
    boolean fits =
        ExactTypes.isText(call.getOperands().get(0).getType())
            && call.getOperands().stream()
                .skip(1)
                .allMatch(place -> ExactTypes.isInteger(place.getType()));
    if (!fits) {
      throw refused(call);
    }
    List<Expression> operands = operands(call);
    return new Logic.Substring(
        operands.get(0),
        operands.get(1),
        operands.size() == 3 ? operands.get(2) : Expression.constant(Long.MAX_VALUE));
  }

  private Expression like(RexCall call) {
    requireTexts(call);
    if (!call.getOperator().getName().equals("LIKE")
        && !call.getOperator().getName().equals("NOT LIKE")) {
      throw refused(call);
    }
    int escape = -1;
    if (call.getOperands().size() == 3) {
      String text = literalText(call.getOperands().get(2));
      if (text == null || Texts.length(text) != 1) {
        throw Refusal.of(step, "LIKE with an escape that is not one character");
      }
      escape = text.codePointAt(0);
    }
    int character = escape;
    boolean wanted = call.getOperator().getName().equals("LIKE");
    return Expression.strict(
        operand(call, 0),
        operand(call, 1),
        (text, pattern) -> Texts.like((String) text, (String) pattern, character) == wanted);
  }

  private static @Nullable String literalText(RexNode node) {
    return node instanceof RexLiteral literal ? literal.getValueAs(String.class) : null;
  }

  private Expression extract(RexCall call) {
    TimeUnitRange unit = ((RexLiteral) call.getOperands().get(0)).getValueAs(TimeUnitRange.class);
    RexNode time = call.getOperands().get(1);
    CalendarPart part = CalendarPart.of(String.valueOf(unit));
    ColumnType.Kind kind = type(time).kind();
    if (part == null || (kind != ColumnType.Kind.DATE && kind != ColumnType.Kind.TIMESTAMP)) {
      throw Refusal.of(
          step,
          SqlNames.shown(call) + SqlNames.types(call),
          "It extracts " + CalendarPart.names() + " of dates and timestamps.");
    }
    int bits = bits(call);
    return Expression.strict(compile(time), value -> boxed(part.of(value), bits));
  }

  private Expression trim(RexCall call) {
    SqlTrimFunction.Flag flag =
        ((RexLiteral) call.getOperands().get(0)).getValueAs(SqlTrimFunction.Flag.class);
    boolean leading = flag != SqlTrimFunction.Flag.TRAILING;
    boolean trailing = flag != SqlTrimFunction.Flag.LEADING;
    for (RexNode operand : call.getOperands().subList(1, 3)) {
      if (!ExactTypes.isText(operand.getType())) {
        throw refused(call);
      }
    }
    return Expression.strict(
        operand(call, 1),
        operand(call, 2),
        (character, text) -> Texts.trim((String) text, (String) character, leading, trailing));
  }

  private static int bits(RexCall call) {
    return CastRules.bits(call.getType());
  }

  private static Object boxed(long value, int bits) {
    return Arithmetic.boxed(BigInteger.valueOf(value), bits);
  }
}
