package halab.systems.dsc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The tables whose rows a test class is about. Every {@code fires(NUMBER)} in such a class asserts
 * that this row fired; {@link EveryRowHasATest} reads them from the sources.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface RowsOf {
  String[] value();
}
